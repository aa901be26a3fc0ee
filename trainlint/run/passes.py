"""Passes of networks: in which mode they are called, and whether what they make is trained or scored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.code import Code, Edits
from trainlint.run.orders import Order, in_one_turn, share_a_loop
from trainlint.run.subjects import Subject
from trainlint.semantics.automata import Automaton, States, follow
from trainlint.semantics.events import Event, Modal, Trace
from trainlint.semantics.evidence import Step, visible
from trainlint.semantics.values import Mapping, Node, ObjectId, Place, Sequence, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

TRAINING, EVALUATION = "training", "evaluation"
_TO = {(state, mode): mode for state in (TRAINING, EVALUATION) for mode in (TRAINING, EVALUATION)}
MODES = Automaton(TRAINING, _TO, {TRAINING: TRAINING, EVALUATION: EVALUATION})


@frozen(eq=False, kw_only=True)
class Pass(Subject):
    """A network is called.

    ``scored`` says that its result meets a loss or is compared with something and nothing can send it backward,
    ``trained`` that a loss of it goes backward; ``learned`` that the network was trained before.
    """

    event: Event
    states: States
    scored: bool
    trained: bool
    learned: bool
    before: frozenset[str]  # the modes in which the same call was made before
    training: tuple[Place, ...]  # where it is trained

    @property
    def modal(self) -> Modal | None:
        """A layer that does something else in training mode."""
        return self.event.modal

    @property
    def in_training_mode(self) -> bool:
        """Whether the network, and such a layer in it, is surely in training mode."""
        modal = self.modal
        return self.states.keys() == {TRAINING} and self.event.training is True and modal is not None and modal.training

    @property
    def left_in_evaluation(self) -> Place | None:
        """The call that has surely put the network into evaluation mode, in an earlier turn of the same loop."""
        modal = self.modal
        if self.states.keys() != {EVALUATION} or self.event.training is not False or modal is None or modal.training:
            return None
        switch = self.states[EVALUATION].get(EVALUATION)
        if (
            switch is None
            or not share_a_loop(switch.site, self.event.site)
            or in_one_turn(switch.site, self.event.site)
        ):
            return None
        return visible(switch.place, switch.site) if TRAINING in self.before else None

    @property
    def loop(self) -> tuple[Place, ...]:
        """The loop in an earlier turn of which the network was put into evaluation mode."""
        switch = self.states[EVALUATION].get(EVALUATION)
        turns = () if switch is None else zip(switch.site.turns(), self.event.site.turns(), strict=False)
        parted = next((one for one, other in turns if one is not other), None)
        return () if parted is None or parted.place is None else (parted.place,)

    def switched(self, code: Code, mode: str, apart: Iterable[Place]) -> Edits:
        """Another mode for the network from before the largest statement on that these other places do not lie in."""
        network = code.called(self.place)
        first = code.widest(self.place, apart) if network else None
        return () if first is None else code.insert_before(first, f"{network}.{mode}()")

    def layer(self, says: str) -> tuple[Step, ...]:
        """Where the layer was made that does something else in training mode."""
        modal = self.modal
        place = None if modal is None else modal.place
        return () if place is None else (Step(place, "made", "", says),)


def passes(machine: Machine, orders: tuple[Order, ...]) -> Iterator[Pass]:
    """Every call of a network that holds a layer which depends on the mode."""
    events = machine.facts.events
    called: dict[ObjectId, list[Event]] = {}
    for trace in events:
        event = trace.event
        if event is not None and event.kind == "forward" and event.modal is not None and event.subjects:
            called.setdefault(next(iter(event.subjects)), []).append(event)
    if not called:
        return
    facts = machine.facts
    sent = reached(each.value for each in facts.objectives)
    astray = sent | reached(facts.strayed)
    judged = reached((*(each.prediction for each in facts.losses), *facts.scored))
    for network, own in called.items():
        wanted = set(own)
        before: dict[Place | None, set[str]] = {}
        learned = [
            update.event.moment
            for order in orders
            if order.backwards and order.made.owners & own[0].weights
            for update in order.updates
        ]
        for event, states in _modes(events, network):
            if event not in wanted:
                continue
            place = visible(event.place, event.site)
            earlier = before.setdefault(event.place, set())
            if place is not None:
                yield Pass(
                    event=event,
                    states=states,
                    scored=_any(event, judged)
                    and not _any(event, astray)
                    and not machine.ended_early(event.assumed)
                    and not _goes_backward(event, events),
                    trained=_any(event, sent),
                    learned=bool(learned) and min(learned) < event.moment,
                    before=frozenset(earlier),
                    training=tuple(_trained(orders, own[0].weights)),
                    place=place,
                    call=place,
                    conditions=event.conditions,
                    assumed=event.assumed,
                    exceptional=event.exceptional,
                )
            earlier.update(states)


def _trained(orders: tuple[Order, ...], weights: frozenset[ObjectId]) -> Iterator[Place]:
    """Where steps are taken with some weights."""
    yield from (update.place for order in orders if order.made.owners & weights for update in order.updates)


def _modes(events: list[Trace], network: ObjectId) -> Iterator[tuple[Event, States]]:
    """What happens to the mode of a network; it is born in training mode."""
    first = events[0].event

    def kind_of(event: Event) -> str | None:
        concerned = event.subjects is None or network in event.subjects
        if event.kind == "mode" and concerned:
            return TRAINING if event.training else EVALUATION
        if event.kind in ("begin", "anything", "forward") and concerned:
            return event.kind
        return "made" if event is first else None

    yield from follow(events, MODES, kind_of, ())


def _goes_backward(event: Event, events: list[Trace]) -> bool:
    """Whether something that may be made of a pass goes backward through the network in the same turn."""
    if not event.gradient:
        return False
    backward = (each.event for each in events if each.event is not None and each.event.kind == "backward")
    return any(
        each.moment > event.moment
        and (each.subjects is None or each.subjects & event.weights)
        and in_one_turn(event.site, each.site)
        for each in backward
    )


def _any(event: Event, nodes: set[Node]) -> bool:
    return any(each in nodes for each in event.results)


def reached(values: Iterable[Value]) -> set[Node]:
    """All operations in the histories of some values."""
    found: set[Node] = set()
    pending: list[Value] = list(values)
    while pending:
        value = pending.pop()
        if isinstance(value, Sequence):
            pending += value.known
        elif isinstance(value, Mapping):
            pending += (each for _, each in value.items)
        node = getattr(value, "origin", None)
        if node is not None and node not in found:
            found.add(node)
            pending += node.inputs
        pending += (each for _, each in getattr(value, "options", ()))
    return found
