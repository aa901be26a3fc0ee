"""Passes of networks: in which mode they are called, and whether what they make is trained or scored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import field, frozen

from trainlint.run.accumulations import is_of_turns
from trainlint.run.code import Code, Edits
from trainlint.run.losses import measured
from trainlint.run.orders import Order, in_one_turn, share_a_loop
from trainlint.run.subjects import Subject
from trainlint.semantics.automata import Automaton, States, follow
from trainlint.semantics.events import Event, Modal, Trace
from trainlint.semantics.evidence import Step, visible
from trainlint.semantics.facts import Facts, Inherited
from trainlint.semantics.periods import LATER_TURN
from trainlint.semantics.values import Mapping, Node, Number, ObjectId, Place, Sequence, Tensor, Value
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

Moments = tuple[tuple[int, Place | None], ...]  # and whose assumed runs they belong to
TRAINING, EVALUATION = "training", "evaluation"
_TO = {(state, mode): mode for state in (TRAINING, EVALUATION) for mode in (TRAINING, EVALUATION)}
MODES = Automaton(TRAINING, _TO, {TRAINING: TRAINING, EVALUATION: EVALUATION})


@frozen(eq=False, kw_only=True)
class Pass(Subject):
    """A network is called; of one in which nothing depends on the mode, nothing is known of its ``states``.

    ``scored`` says that its result meets a loss or is compared with something and nothing can send it backward,
    ``trained`` that a loss of it goes backward; ``learned`` that the network was trained before, in the same run, and
    ``restored`` that weights of it were kept somewhere before;
    ``builds_graph`` that gradients are surely recorded, and reach weights.
    """

    event: Event
    states: States
    scored: bool
    trained: bool
    learned: bool
    restored: bool
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
        """The call that has put the network into evaluation mode, in an earlier turn of the same loop.

        It surely has, or does so every so many turns.
        """
        switch = self.states.get(EVALUATION, {}).get(EVALUATION)
        if (
            switch is None
            or not (self._is_left(switch) if len(self.states) == 1 else self._is_left_at_times(switch))
            or not share_a_loop(switch.site, self.event.site)
            or (len(self.states) == 1 and in_one_turn(switch.site, self.event.site))
        ):
            return None
        return visible(switch.place, switch.site) if TRAINING in self.before else None

    def _is_left(self, switch: Event) -> bool:
        modal = self.modal
        return self.event.training is False and modal is not None and not modal.training

    def _is_left_at_times(self, switch: Event) -> bool:
        """Whether it is every so many turns that the network is left in evaluation mode, till the loop ends."""
        waits = [each for each in switch.conditions if each not in self.event.conditions]
        back = self.states.get(TRAINING, {}).get(TRAINING)
        if self.states.keys() != {TRAINING, EVALUATION} or not (
            switch.certain and waits and all(map(is_of_turns, waits))
        ):
            return False
        pairs = zip(switch.site.turns(), self.event.site.turns(), strict=False)
        turn = next((one for one, other in pairs if one is not other), None)
        turn = turn or next(reversed(self.event.site.turns()), None)
        return turn is not None and (
            back is None
            or not any(each.place == turn.place and each.parent is turn.parent for each in back.site.turns())
        )

    @property
    def loop(self) -> tuple[Place, ...]:
        """The loop in an earlier turn of which the network was put into evaluation mode."""
        switch = self.states[EVALUATION].get(EVALUATION)
        turns = () if switch is None else zip(switch.site.turns(), self.event.site.turns(), strict=False)
        parted = next((one for one, other in turns if one is not other), None)
        return () if parted is None or parted.place is None else (parted.place,)

    def told_otherwise(self, code: Code) -> Edits:
        """The argument turned that says that the network is trained, if it is the only one that is true."""
        call = code.call(self.place)
        values = [each.value for each in call.arguments if each.keyword] if call is not None else []
        true = [each for each in values if isinstance(each, tree.Constant) and each.value is True]
        return code.replace(code.beside(self.place, true[0]), "False") if len(true) == 1 else ()

    def switched(self, code: Code, mode: str, apart: Iterable[Place]) -> Edits:
        """Another mode for the network from before the largest statement on that these other places do not lie in."""
        network = code.called(self.place)
        first = code.widest(self.place, apart) if network else None
        return () if first is None else code.insert_before(first, f"{network}.{mode}()")

    @property
    def told(self) -> bool:
        """Whether the mode is an argument of the call, and not one that the network is in."""
        return self.event.told

    def wrapped(self, code: Code, head: str) -> Edits:
        """The largest statement around it in which nothing is trained put into a block of its own."""
        first = code.widest(self.place, self.training) if head else None
        return () if first is None else code.wrap(first, head)

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
    plain = reached(facts.plain, graphs=True)
    told = {each.place for each in facts.objectives}
    learnings = Learnings(facts, orders)
    kept = [each for each in facts.inherited if not each.of]
    distances = (one for each in (*facts.read, *facts.shown) for one in measured(each))
    judged = reached((*(each.prediction for each in facts.losses), *facts.scored, *distances))
    asked = reached((*facts.read, *facts.told_out))
    sampled = _sampled(events)
    backward = [each.event for each in events if each.event is not None and each.event.kind == "backward"]
    for network, own in called.items():
        wanted = set(own)
        before: dict[Place | None, set[str]] = {}
        trained = {each.place for each in own if _any(each, sent)}
        learned = learnings.of(own[0].weights)
        restored = tuple((each.moment, each.assumed) for each in kept if each.to & own[0].weights)
        training = tuple(_trained(orders, own[0].weights))
        modal = any(event.modal is not None for event in own)
        ways: dict[object, list[Event]] = {}
        for event in own:
            ways.setdefault(_way(event), []).append(event)
        returning: dict[object, bool] = {}
        for event, states in _modes(events, network) if modal else ((event, {}) for event in own):
            if event not in wanted:
                continue
            place = visible(event.place, event.site)
            earlier = before.setdefault(event.place, set())
            scored = (
                (_any(event, judged) or (_is_asked(event) and _any(event, asked)))
                and not _any(event, sent if event.told else astray)
                and (event.subjects, event.place) not in sampled
                and not machine.ended_early(event.assumed)
                and not _returns(_way(event), ways, returning, backward, told)
            )
            if place is not None:
                yield Pass(
                    event=event,
                    states=states,
                    scored=scored,
                    trained=_any(event, sent) or (event.place in trained and _is_repeated(event)),
                    learned=_is_before(learned, event),
                    restored=_is_before(restored, event),
                    builds_graph=scored
                    and event.graph
                    and not facts.derived
                    and not _any(event, plain)
                    and not _is_changed(event, events),
                    before=frozenset(earlier),
                    training=training,
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


@frozen(eq=False)
class Learnings:
    """When weights were moved, or became those of others that had been."""

    facts: Facts
    orders: tuple[Order, ...]
    known: dict[frozenset[ObjectId], Moments] = field(factory=dict)

    def of(self, weights: frozenset[ObjectId]) -> Moments:
        found = self.known.get(weights)
        if found is not None:
            return found
        self.known[weights] = ()
        moved: list[Event | Inherited] = [
            update.event
            for order in self.orders
            if order.backwards and order.whole & weights
            for update in order.updates
        ]
        moved += (each for each in self.facts.inherited if each.to & weights and _is_before(self.of(each.of), each))
        made = self.known[weights] = tuple((each.moment, each.assumed) for each in moved)
        return made


def _is_before(moments: Moments, event: Event | Inherited) -> bool:
    """Whether one came before; to an assumed run, only what happens in it is known to have happened before."""
    return any(moment < event.moment and assumed in (None, event.assumed) for moment, assumed in moments)


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


def _is_repeated(event: Event) -> bool:
    """Whether it happens in a turn that was run again for its events alone."""
    return any(each.turn >= LATER_TURN for each in event.site.turns())


def _modes(events: list[Trace], network: ObjectId) -> Iterator[tuple[Event, States]]:
    """What happens to the mode of a network; it is born in training mode."""

    def kind_of(event: Event) -> str | None:
        concerned = event.subjects is None or network in event.subjects
        if event.kind == "mode" and concerned:
            return TRAINING if event.training else EVALUATION
        return event.kind if event.kind in ("begin", "anything", "forward") and concerned else None

    yield from follow(events, MODES, kind_of, (), begun={TRAINING: {}})


def _returns(
    way: object,
    ways: dict[object, list[Event]],
    known: dict[object, bool],
    backward: list[Event],
    told: set[Place],
) -> bool:
    """Whether something that may be made of one of several like passes goes backward through the network."""
    if way not in known:
        known[way] = any(_goes_backward(each, backward, told) for each in ways[way])
    return known[way]


def _goes_backward(event: Event, backward: list[Event], told: set[Place]) -> bool:
    """Whether something that may be made of a pass goes backward through the network.

    It does in the same turn, or in one far on, of which nobody tells what goes backward there.
    """
    return event.gradient and any(
        each.moment > event.moment
        and each.assumed in (None, event.assumed)
        and (each.subjects is None or each.subjects & event.weights)
        and (in_one_turn(event.site, each.site) or (each.certain and each.place not in told))
        for each in backward
    )


def _is_asked(event: Event) -> bool:
    """Whether the code says that the network is only to be asked: gradients are off, or the mode is that."""
    return not event.gradient or (event.training is False and not event.told)


def _sampled(events: list[Trace]) -> set[object]:
    """Where a network is called in training mode in several turns for the same arguments, with the same weights."""
    found: set[object] = set()
    last: dict[object, Event] = {}
    changed = 0
    for trace in events:
        event = trace.event
        if event is None or event.kind in ("backward", "step"):
            changed += event is not None
        elif (
            event.kind == "forward"
            and event.given
            and (event.told or not event.gradient)
            and event.training is not False
        ):
            key = (event.subjects, event.place, event.given, changed)
            before = last.setdefault(key, event)
            if before is not event and not in_one_turn(before.site, event.site):
                found.add((event.subjects, event.place))
    return found


def _way(event: Event) -> object:
    """Where a network is called and in which mode, whatever the turns: what one does, only another may show."""
    return event.place, event.training, event.gradient, tuple(each.place for each in event.site.links())


def _any(event: Event, nodes: set[Node]) -> bool:
    return any(each in nodes for each in event.results)


def last(several: list[Pass]) -> Iterator[Pass]:
    """Those whose results go into no other one: an evaluation may call one part of a network after the other."""
    given = reached(value for each in several for node in each.event.results for value in node.inputs)
    yield from (each for each in several if not _any(each.event, given))


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
