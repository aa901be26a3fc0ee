"""Orders: what happens to the gradients of an optimizer's weights, one thing after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.code import Code, Edits
from trainlint.run.subjects import Subject
from trainlint.semantics import optimizers
from trainlint.semantics.automata import Automaton, States, follow
from trainlint.semantics.events import Event, Trace
from trainlint.semantics.evidence import Step, calls_within, is_hidden, visible
from trainlint.semantics.facts import OptimizerMade
from trainlint.semantics.values import Nothing, ObjectId, Place, Site, Tensor, Value, known_number

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

# What the gradients of an optimizer's weights are. Those from before anything was cleared are kept apart: on a way that
# comes from there, nothing has been.
EMPTY = "empty"  # there never were any
FIRST = "first"  # the first ones, nothing was cleared so far
HELD = "held"  # those of this step alone
USED = "used"  # a step was taken with them
MIXED = "mixed"  # those of this step on top of those that a step was taken with
WIPED = "wiped"  # cleared before a step was taken with them
CLEARED = "cleared"

GRADIENTS = Automaton(
    start=EMPTY,
    moves={
        (EMPTY, "backward"): FIRST,
        (EMPTY, "clear"): CLEARED,
        (FIRST, "clear"): WIPED,
        (FIRST, "step"): USED,
        (CLEARED, "backward"): HELD,
        (HELD, "clear"): WIPED,
        (HELD, "step"): USED,
        (USED, "backward"): MIXED,
        (USED, "clear"): CLEARED,
        (MIXED, "clear"): CLEARED,
        (MIXED, "step"): USED,
        (WIPED, "backward"): HELD,
        (WIPED, "step"): CLEARED,
    },
    known={"clear": CLEARED},
)
NOT_CLEARED = frozenset({EMPTY, FIRST, USED, MIXED})
Moved = Mapping[OptimizerMade, frozenset[ObjectId]]  # the layers whose weights each optimizer moves


@frozen(eq=False, kw_only=True)
class Update(Subject):
    """An optimizer moves its weights; ``states`` are those in which their gradients may be before it."""

    event: Event
    states: States

    @property
    def mixed(self) -> Place | None:
        """Where gradients were added to those of an earlier step, if nothing on any way here may have cleared them."""
        witnesses = self.states.get(MIXED)
        if witnesses is None or not witnesses["backward"].certain:
            return None
        cleared = [each for state, each in self.states.items() if state not in NOT_CLEARED]
        if any("clear" not in each or each["clear"].moment > witnesses["step"].moment for each in cleared):
            return None
        return _place(witnesses["backward"])

    @property
    def wiped(self) -> Wiped | None:
        """The clearing that has surely taken away all gradients since the last step, if one has.

        There may be ways here on which there were none to take away.
        """
        if WIPED not in self.states or not self.states.keys() <= {WIPED, CLEARED}:
            return None
        witnesses = self.states[WIPED]
        clear, backward = witnesses["clear"], witnesses["backward"]
        if not (clear.certain and backward.certain):
            return None
        return Wiped(clear, backward, in_one_turn(backward.site, self.event.site))

    @property
    def steps(self) -> tuple[Step, ...]:
        return _steps(self.place, "step", "the optimizer steps here")

    @property
    def turn(self) -> Site | None:
        """The turn of the innermost loop in which it is taken that does not only spell things out."""
        return next((each for each in self.event.site.turns()[::-1] if not each.is_spelled), None)

    def cleared_before(self, code: Code, place: Place) -> Edits:
        """The gradients of the optimizer cleared before a statement of the same function."""
        optimizer = code.owner(self.place)
        if not optimizer or place.path != self.place.path or code.function(place) != code.function(self.place):
            return ()
        return code.insert_before(place, f"{optimizer}.zero_grad()")


@frozen(eq=False)
class Wiped:
    """Gradients that were cleared before a step; ``late`` says that they were computed in the turn of that step."""

    clear: Event
    backward: Event
    late: bool

    @property
    def place(self) -> Place | None:
        return _place(self.clear)

    def cleared_after(self, code: Code, step: Place) -> Edits:
        """The clearing put after the step, if it stands right before it."""
        own = self.place
        later = None if own is None else code.later(own, step)
        if own is None or later is None or not code.is_direct(later, step):
            return ()
        return code.move_after(own, step)

    def stepped_after(self, code: Code, step: Place) -> Edits:
        """The step put after the pass backward, if that stands right after it."""
        backward = _place(self.backward)
        later = None if backward is None else code.later(step, backward)
        if backward is None or later is None or not code.is_direct(later, backward):
            return ()
        return code.move_after(step, later)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Where the gradients were computed."""
        place = _place(self.backward)
        return () if place is None else _steps(place, "backward", "the gradients are computed here")


@frozen(eq=False, kw_only=True)
class Order(Subject):
    """An optimizer, and what happens to its weights.

    ``used`` is where the network or a loss is called in a loop; ``backwards`` are the passes that surely reach them,
    ``updates`` the steps that are surely taken. There may be others that were not followed: ``may_step``, ``may_flow``.
    ``renewed`` says where steps are taken with it if each turn of a loop that only counts makes one anew for the same
    weights, and no loop but that over the batches is inside.
    """

    made: OptimizerMade
    born: Event
    begun: int  # which of all events that is
    whole: frozenset[ObjectId]  # the optimizer and what it moves
    used: Place | None
    backwards: tuple[Event, ...]
    updates: tuple[Update, ...]
    may_step: bool
    may_flow: bool
    renewed: tuple[Step, ...] | None

    @property
    def flowing(self) -> Subject | None:
        """A pass backward that happens in turn after turn while the optimizer lives."""
        event = _repeated(self.backwards, self.made)
        return None if event is None else _subject(event)

    @property
    def mixed(self) -> tuple[tuple[Update, Place, tuple[Step, ...]], ...]:
        """The first step with gradients of earlier steps, where they were added, and where else that happens.

        On whichever branch they are added, it is one clearing that is missing.
        """
        found: dict[Place, Update] = {}
        for each in self.updates:
            if each.mixed is not None:
                found.setdefault(each.mixed, each)
        steps = [step for place in list(found)[1:] for step in _steps(place, "backward", "and here too")]
        return tuple((update, place, tuple(steps)) for place, update in list(found.items())[:1])

    @property
    def premature(self) -> tuple[Update, tuple[Step, ...]] | None:
        """A step of the first turn before there are any gradients, and where they are computed later in that turn.

        One is taken in the next turn too, and none after the loop with the gradients of the last turn: where somebody
        does that, the steps are delayed on purpose.
        """
        first = self.updates[0] if self.updates else None
        turn = None if first is None else first.turn
        if first is None or turn is None or self.may_flow or not first.states.keys() <= {EMPTY, CLEARED}:
            return None
        steps = [each.turn for each in self.updates]
        again = any(each.parent is turn.parent and each.turn == turn.turn + 1 for each in steps if each is not None)
        if not again or any(each is None or not _is_of_one_loop(each, turn) for each in steps):
            return None
        if any("backward" in each for each in first.states.values()):
            return None
        later = (each for each in self.backwards if each.moment > first.event.moment)
        place = next((_place(each) for each in later if turn in each.site.turns()), None)
        return None if place is None else (first, _steps(place, "backward", "the gradients are computed here"))

    @property
    def moving(self) -> Update | None:
        """A step that is taken in turn after turn."""
        found = _repeated(tuple(each.event for each in self.updates), self.made)
        return next((each for each in self.updates if each.event is found), None)


def orders(machine: Machine) -> Iterator[Order]:
    """The life of every optimizer whose weights are known."""
    moved = {made: _moved(machine, made) for made in machine.facts.optimizers}
    for made in machine.facts.optimizers:
        order = _order(machine, made, moved)
        if order is not None:
            yield order


def _order(machine: Machine, made: OptimizerMade, moved: Moved) -> Order | None:
    events = machine.facts.events
    owners = moved[made]
    whole = owners | {made.optimizer.id}
    at = birth(events, made.optimizer.id)
    born = None if at is None else events[at].event
    if at is None or born is None or not owners:
        return None

    # Where the script itself trains with it, what nobody calls takes no part in that.
    lives = any(each.event is not None and _trains(each.event, made, whole) for each in events)

    def kind_of(event: Event) -> str | None:
        if event.kind == "made":
            return "made" if event is born else None
        if event.assumed is not made.assumed and event.assumed in machine.orphans and lives:
            return None
        return event.kind if event.subjects is None or not event.subjects.isdisjoint(whole) else None

    updates, backwards = [], []
    ended = machine.ended_early(made.assumed)
    may_flow = ended or _is_told_late(made)
    may_step = ended or machine.facts.read_gradients or bool(owners & machine.facts.written)
    may_step |= _is_moved_by_others(machine, made, moved)
    for event, states in follow(events, GRADIENTS, kind_of, born.conditions, born=at):
        unknown = event.kind == "anything" or not event.certain
        may_step |= unknown and event.kind in ("step", "anything")
        may_flow |= unknown and event.kind in ("backward", "anything")
        if unknown or event.exceptional:
            continue
        if event.kind == "step":
            update = _update(event, states)
            updates += [] if update is None else [update]
        elif event.kind == "backward":
            backwards.append(event)
    place = visible(made.place, made.optimizer.id.site)
    if place is None:
        return None
    return Order(
        made=made,
        born=born,
        begun=at,
        whole=whole,
        used=_used(machine, made, owners),
        backwards=tuple(backwards),
        updates=tuple(updates),
        may_step=may_step,
        may_flow=may_flow,
        renewed=_renewed(machine, made, moved, updates),
        place=place,
        call=place,
        conditions=born.conditions,
        assumed=made.assumed,
        exceptional=born.exceptional,
    )


def _trains(event: Event, made: OptimizerMade, whole: frozenset[ObjectId]) -> bool:
    return (
        event.kind in ("backward", "step")
        and event.assumed is made.assumed
        and event.subjects is not None
        and not event.subjects.isdisjoint(whole)
    )


def _is_told_late(made: OptimizerMade) -> bool:
    """Whether an optimizer is told what it moves when it does, and by which gradients."""
    return isinstance(made.parameters, Nothing)


def _moved(machine: Machine, made: OptimizerMade) -> frozenset[ObjectId]:
    """The layers whose weights an optimizer moves, or would if it did; some are told when they do."""
    facts = machine.facts
    rates = (each for each in facts.rates if each.optimizer.id is made.optimizer.id)
    owners = made.owners.union(*(optimizers.owners(machine, each.parameters) for each in rates))
    owners |= facts.trained.get(made.optimizer.id, frozenset())
    if not owners and _is_told_late(made) and all(map(_is_told_late, facts.optimizers)):
        own = [each for each in facts.optimizers if each is made or not is_hidden(each.place)]
        told = [facts.trained.get(each.optimizer.id, frozenset()) for each in own]
        if sum(not each for each in told) == 1:  # what nobody else is told to move is what it was made for
            live = (each.value.live for each in facts.objectives if isinstance(each.value, Tensor))
            owners = owners.union(*live).difference(*told)
    return owners


def birth(events: list[Trace], own: ObjectId) -> int | None:
    """Which of all events has made an optimizer or a schedule."""
    for at, trace in enumerate(events):
        event = trace.event
        if event is not None and event.kind == "made" and event.subjects is not None and own in event.subjects:
            return at
    return None


def _update(event: Event, states: States) -> Update | None:
    place = _place(event)
    if place is None:
        return None
    return Update(
        event=event,
        states=states,
        place=place,
        call=place,
        conditions=event.conditions,
        assumed=event.assumed,
        exceptional=event.exceptional,
    )


def _is_moved_by_others(machine: Machine, made: OptimizerMade, moved: Moved) -> bool:
    """Whether another optimizer of some of the same weights steps."""
    same = (each for each, owners in moved.items() if not owners.isdisjoint(moved[made]))
    others = {each.optimizer.id for each in same} - {made.optimizer.id}
    steps = (each.event for each in machine.facts.events if each.event is not None and each.event.kind == "step")
    return any(each.subjects is not None and not others.isdisjoint(each.subjects) for each in steps if others)


def _renewed(machine: Machine, made: OptimizerMade, moved: Moved, updates: list[Update]) -> tuple[Step, ...] | None:
    """Where an optimizer steps that is the second one made for the same weights at the same place."""
    site = made.optimizer.id.site
    first = next((each for each in machine.facts.optimizers if each.place == made.place), made)
    turn = next((each for each in site.turns()[::-1] if _differs(each, first.optimizer.id.site)), None)
    set_otherwise = machine.facts.loaded | machine.facts.written
    if first is made or turn is None or moved[first] != moved[made] or moved[made] & set_otherwise:
        return None
    if not any(each.counts and each.place == turn.place and each.site is turn.parent for each in machine.facts.loops):
        return None
    if not updates or not optimizers.remembers(machine, made):
        return None
    before, now = optimizers.rates(machine, first), optimizers.rates(machine, made)
    if len(before) != len(now) or not all(map(_goes_on, before, now)):
        return None  # these are stages
    outside = set(site.turns())
    inside = ([one for one in each.event.site.turns() if one not in outside] for each in updates)
    deepest = max(sum(not _is_single(machine, one) for one in turns) for turns in inside)
    return (*calls_within(site, turn), *updates[0].steps) if deepest <= 1 else None


def _is_single(machine: Machine, turn: Site) -> bool:
    """Whether a turn is the only one of its loop, as over the one epoch that a driver is asked for."""
    same = (each.count for each in machine.facts.loops if each.place == turn.place and each.site is turn.parent)
    return any(count is not None and known_number(count) == 1 for count in same)


def _goes_on(before: Value, now: Value) -> bool:
    """Whether a rate is that of the turn before, or decays from there: one that is halved or less begins a stage."""
    if before == now:
        return True
    one, other = known_number(before), known_number(now)
    near = one is not None and other is not None and 0 < max(one, other) < 2 * min(one, other)
    return near and _are_alike(before, now)


def _are_alike(one: Value, other: Value) -> bool:
    """Whether two numbers are equal, or computed in the same way of turns that were counted."""
    a, b = one.origin, other.origin
    if one == other or (a is None and b is None):
        return True
    if a is None or b is None or (a.op, a.place) != (b.op, b.place) or len(a.inputs) != len(b.inputs):
        return False
    return bool(a.inputs) and all(map(_are_alike, a.inputs, b.inputs))


def _differs(turn: Site, other: Site) -> bool:
    """Whether something else happened in another turn of the same loop."""
    return any(each.place == turn.place and each.parent is turn.parent and each is not turn for each in other.turns())


def _subject(event: Event) -> Subject | None:
    place = _place(event)
    if place is None:
        return None
    return Subject(
        place=place,
        call=place,
        conditions=event.conditions,
        assumed=event.assumed,
        exceptional=event.exceptional,
    )


def _used(machine: Machine, made: OptimizerMade, owners: frozenset[ObjectId]) -> Place | None:
    """Where a loss compares what these weights made, or they make something, in a loop that the optimizer outlives."""
    outside = set(made.optimizer.id.site.turns())
    for each in machine.facts.losses:
        if isinstance(each.prediction, Tensor) and each.prediction.live & owners:
            place = visible(each.place, each.site)
            if place is not None and any(turn not in outside for turn in each.site.turns()):
                return place
    for trace in machine.facts.events:
        event = trace.event
        if event is not None and event.kind == "forward" and event.gradient and event.weights & owners:
            place = _place(event)
            if place is not None and any(turn not in outside for turn in event.site.turns()):
                return place
    return None


def _place(event: Event) -> Place | None:
    return visible(event.place, event.site)


def _steps(place: Place, op: str, says: str) -> tuple[Step, ...]:
    return (Step(place, op, "", says),)


# Turns ----------------------------------------------------------------------------------------------------------------


def in_one_turn(one: Site, other: Site) -> bool:
    """Whether two things happen in the same turn of each loop that they have in common and that repeats something."""
    for a, b in zip(one.turns(), other.turns(), strict=False):
        if a is not b:
            return a.is_spelled or not (a.place == b.place and a.parent is b.parent)
    return True


def _is_of_one_loop(one: Site, other: Site) -> bool:
    """Whether two turns are of one loop, in whichever turns of those around it."""
    return one.depth == other.depth and all(a.place == b.place for a, b in zip(one.links(), other.links(), strict=True))


def share_a_loop(one: Site, other: Site) -> bool:
    """Whether two things happen in turns of one loop, perhaps different ones."""
    first, second = one.turns(), other.turns()
    return bool(first and second) and first[0].place == second[0].place and first[0].parent is second[0].parent


def _repeated(events: tuple[Event, ...], made: OptimizerMade) -> Event | None:
    """The second of two events that are the same thing in different turns of one loop, which the optimizer outlives."""
    outside = set(made.optimizer.id.site.turns())
    seen: dict[Place, Event] = {}
    for event in events:
        if event.place is None:
            continue
        first = seen.setdefault(event.place, event)
        inside = [each for each in event.site.turns() if each not in outside]
        if inside and first is not event and not in_one_turn(first.site, event.site):
            return event
    return None
