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
from trainlint.semantics.values import Mapping, Node, Number, ObjectId, Place, Sequence, Tensor, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

TRAINING, EVALUATION = "training", "evaluation"
_TO = {(state, mode): mode for state in (TRAINING, EVALUATION) for mode in (TRAINING, EVALUATION)}
MODES = Automaton(TRAINING, _TO, {TRAINING: TRAINING, EVALUATION: EVALUATION})


@frozen(eq=False, kw_only=True)
class Pass(Subject):
    """A network is called; of one in which nothing depends on the mode, nothing is known of its ``states``.

    ``scored`` says that its result meets a loss or is compared with something and nothing can send it backward,
    ``trained`` that a loss of it goes backward; ``learned`` that the network was trained before, in the same run;
    ``builds_graph`` that gradients are surely recorded, and reach weights.
    """

    event: Event
    states: States
    scored: bool
    trained: bool
    learned: bool
    builds_graph: bool
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
    def told(self) -> bool:
        """Whether the mode is an argument of the call, and not one that the network is in."""
        return self.event.told

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
    """Every call of a network that builds a graph, or holds a layer which depends on the mode."""
    events = machine.facts.events
    called: dict[ObjectId, list[Event]] = {}
    for trace in events:
        event = trace.event
        if event is not None and event.kind == "forward" and event.subjects and (event.modal or event.graph):
            called.setdefault(next(iter(event.subjects)), []).append(event)
    if not called:
        return
    facts = machine.facts
    sent = reached(each.value for each in facts.objectives)
    astray = sent | reached(facts.strayed, graphs=True)
    told = {each.place for each in facts.objectives}
    judged = reached((*(each.prediction for each in facts.losses), *facts.scored))
    for network, own in called.items():
        wanted = set(own)
        before: dict[Place | None, set[str]] = {}
        updates = [
            update.event
            for order in orders
            if order.backwards and order.whole & own[0].weights
            for update in order.updates
        ]
        modal = any(event.modal is not None for event in own)
        for event, states in _modes(events, network) if modal else ((event, {}) for event in own):
            if event not in wanted:
                continue
            place = visible(event.place, event.site)
            earlier = before.setdefault(event.place, set())
            scored = (
                _any(event, judged)
                and not _any(event, sent if event.told else astray)
                and not machine.ended_early(event.assumed)
                and not _goes_backward(event, events, told)
            )
            if place is not None:
                yield Pass(
                    event=event,
                    states=states,
                    scored=scored,
                    trained=_any(event, sent),
                    learned=_is_learned(event, updates),
                    builds_graph=scored and event.graph and not _is_changed(event, events),
                    before=frozenset(earlier),
                    training=tuple(_trained(orders, own[0].weights)),
                    place=place,
                    call=place,
                    conditions=event.conditions,
                    assumed=event.assumed,
                    exceptional=event.exceptional,
                )
            earlier.update(states)


def _is_learned(event: Event, updates: list[Event]) -> bool:
    """Whether an update came before; to an assumed run, only what happens in it is known to have happened before."""
    return any(each.moment < event.moment and each.assumed in (None, event.assumed) for each in updates)


def _is_changed(event: Event, events: list[Trace]) -> bool:
    """Whether something that was not followed had its hands on the network since a gradient last reached it."""
    changed = False
    for trace in events:
        each = trace.event
        if each is event:
            break
        if each is not None and (each.subjects is None or each.subjects & event.weights):
            changed = each.kind == "anything" or (changed and not (each.kind == "backward" and each.certain))
    return changed


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


def _goes_backward(event: Event, events: list[Trace], told: set[Place]) -> bool:
    """Whether something that may be made of a pass goes backward through the network.

    It does in the same turn, or in one far on, of which nobody tells what goes backward there.
    """
    if not event.gradient:
        return False
    backward = (each.event for each in events if each.event is not None and each.event.kind == "backward")
    return any(
        each.moment > event.moment
        and (each.subjects is None or each.subjects & event.weights)
        and (in_one_turn(event.site, each.site) or (each.certain and each.place not in told))
        for each in backward
    )


def _any(event: Event, nodes: set[Node]) -> bool:
    return any(each in nodes for each in event.results)


def reached(values: Iterable[Value], *, graphs: bool = False) -> set[Node]:
    """All operations in the histories of some values; with ``graphs`` only those that a gradient may come to."""
    found: set[Node] = set()
    pending: list[Value] = list(values)
    while pending:
        value = pending.pop()
        if graphs and (isinstance(value, Number) or (isinstance(value, Tensor) and not value.live)):
            continue
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
