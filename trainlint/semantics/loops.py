"""Loops and comprehensions: known items one by one, anything else in two concrete turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from trainlint.semantics import (
    aside,
    carried,
    containers,
    generators,
    growth,
    intervals,
    iterators,
    measures,
    narrowing,
    periods,
    truth,
)
from trainlint.semantics.evidence import is_hidden
from trainlint.semantics.facts import Gathered
from trainlint.semantics.growth import widened
from trainlint.semantics.heap import State, join_states
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.joins import join
from trainlint.semantics.machine import UNROLLED, Drawn, PathEnds, Postponed
from trainlint.semantics.names import assign
from trainlint.semantics.values import (
    SPELLED,
    Bound,
    Class,
    Function,
    Library,
    Node,
    Number,
    Object,
    ObjectId,
    Parameters,
    Partial,
    Place,
    Sequence,
    Value,
    known_number,
    number,
)
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

# What a turn over plain numbers may cost and still be unrolled: layers are built, epochs are not. Where a rate is only
# tried, no turn that trains is.
CHEAP = 1_500
ACTIVE = frozenset({"layer", "optimizer", "schedule"})
RECORDED = 2  # turns of a loop over items that are not known one by one; one more makes no difference


def run_for(machine: Machine, s: tree.For) -> None:
    place, at = machine.place(s), machine.place(s.iterable)
    begun = Node("loop", place).born

    def body(item: Value) -> None:
        assign(machine, s.target, item)
        machine.execute(s.body)

    def driven(generator: generators.Made) -> None:
        breaks = generators.go_through(machine, generator, place, body)
        if machine.state is not None:
            machine.execute(s.orelse)
        _leave(machine, breaks)

    def over(value: Value) -> Value:
        generator = generators.of_object(machine, value, at)
        if generator is not None:
            driven(generator)
        else:
            run_turns(machine, place, containers.iterate(machine, value, at), body, s.orelse, begun)
        return machine.nothing

    called = generators.made(machine, s.iterable)
    if called is not None:
        driven(called)
    else:
        machine.split(machine.evaluate(s.iterable), over)


def run_while(machine: Machine, s: tree.While) -> None:
    """A test that stays decided unrolls the loop; an open one, or a dear body, is left after two turns."""
    with growth.watching(machine) as watch:
        _run_while(machine, s, watch)


def _run_while(machine: Machine, s: tree.While, watch: growth.Watch) -> None:
    activation = machine.activation
    place = machine.place(s)
    period = periods.Looking(machine)
    looking = measures.Looking(machine, place, None)
    breaks: list[State] = []
    ended = False
    after: list[State] = []
    answer: bool | None = None
    begun, events = machine.fuel, len(machine.facts.events)
    for index in range(UNROLLED):
        if machine.state is None:
            break
        answer = truth.decide(machine, machine.evaluate(s.test))
        if answer is False:
            ended = True
            break
        fuel = machine.fuel
        activation.loops.append((breaks, []))
        with machine.turn(place, index):
            machine.execute(s.body)
        continues = activation.loops.pop()[1]
        states = [state for state in [machine.state, *continues] if state is not None]
        machine.state = join_states(states) if states else None
        if machine.state is not None:
            after.append(machine.state)
            machine.state = machine.state.fork()
            if index == 1 and len(after) > 1:
                carried.turned(machine, place, 0, after[0], after[1])
            watch.turned()
        dear = fuel - machine.fuel > CHEAP // 8 or (begun - machine.fuel > CHEAP and len(machine.facts.events) > events)
        if index >= RECORDED - 1 and (answer is None or dear or machine.fuel <= 0):
            break
    if not ended and breaks and answer is True:
        machine.state = None  # a test that always holds is left by a break alone
    if not ended and len(after) > 1 and machine.state is not None:
        machine.state = widened(after[-2], machine.state)

    def again() -> None:
        test = machine.evaluate(s.test)
        if truth.decide(machine, test) is not True:  # a counter has left the loop; what else is tested still holds
            narrowing.refine(machine, s.test, True, test)
        machine.execute(s.body)

    if not ended:
        period.go_on(place, again)
    watch.judge(place, again, index if ended else None)
    watch.probe(place, lambda ahead: again(), index if ended else None)
    looking.ended(breaks, len(after), _turns(machine, s.test, len(after), ended=ended), watch.later)
    if machine.state is not None:
        machine.execute(s.orelse)
    _leave(machine, breaks)


def _turns(machine: Machine, test: tree.Expression, turns: int, *, ended: bool) -> Sequence:
    """What a loop with a test went through, as if it had items: it counts if it compares one thing with another."""
    kind = "range" if isinstance(test, tree.Compare) else "iterator"
    return Sequence((machine.nothing,) * turns, None if ended else machine.nothing, kind=kind)


def run_turns(
    machine: Machine,
    place: Place,
    sequence: Sequence,
    body: Callable[[Value], None],
    orelse: tuple[tree.Statement, ...] = (),
    begun: int | None = None,
) -> None:
    """Run ``body`` for the items of ``sequence`` and join what comes after the loop.

    ``begun`` is the clock of nodes before these were asked for.
    """
    begun = Node("loop", place).born if begun is None else begun
    with growth.watching(machine) as watch:
        _run_turns(machine, place, sequence, body, orelse, begun, watch)


def _run_turns(
    machine: Machine,
    place: Place,
    sequence: Sequence,
    body: Callable[[Value], None],
    orelse: tuple[tree.Statement, ...],
    begun: int,
    watch: growth.Watch,
) -> None:
    breaks: list[State] = []
    period = periods.Looking(machine)
    looking = measures.Looking(machine, place, sequence.count if sequence.kind == "range" else None)
    facts, sent = machine.facts, len(machine.facts.objectives)
    index = 0
    spelled = sequence.exact and all(_is_active(machine, each) for each in sequence.head)

    def one(item: Value) -> bool:
        nonlocal index
        aside.check(machine)
        loops = machine.activation.loops
        loops.append((breaks, []))
        try:
            with machine.turn(place, SPELLED - index if spelled else index):
                body(item)
        except PathEnds:
            machine.state = None
        finally:
            continues = loops.pop()[1]
        index += 1
        states = [state for state in [machine.state, *continues] if state is not None]
        machine.state = join_states(states) if states else None
        if machine.state is not None:
            watch.turned()
        return machine.state is not None

    alive = True
    full, events = machine.fuel, len(facts.events)
    plain = not any(isinstance(item, Object) for item in sequence.head)
    for count, item in enumerate(sequence.head):
        fuel, trained = machine.fuel, len(machine.facts.objectives)
        before = machine.now.fork() if count and plain else None
        alive = one(item)
        if not alive or machine.fuel <= 0:
            break
        if count == 1 and before is not None:
            carried.turned(machine, place, 0, before, machine.now)
        dear = fuel - machine.fuel > CHEAP or (full - machine.fuel > 2 * CHEAP and len(facts.events) > events)
        dear |= machine.as_shipped and len(machine.facts.objectives) > trained
        if before is not None and count + 1 < len(sequence.head) and dear:
            machine.state = widened(before, machine.now)
            break
    if alive and sequence.middle is not None and machine.state is not None:
        zero = None if sequence.endless else machine.now.fork()
        turns = sequence.turns or (sequence.middle,) * RECORDED
        ends: list[State] = []
        for item in turns:
            machine.drawn[machine.site(machine.activation.site, place, index)] = Drawn(item, begun)
            if not one(item):
                break
            ends.append(machine.now)
            machine.state = machine.now.fork()
        if len(ends) > 1:
            carried.turned(machine, place, index - len(ends), ends[0], ends[1])
        if ends:
            machine.state = widened(ends[0], ends[-1]) if len(ends) > 1 else ends[0]
            if zero is not None:
                machine.state = join_states([machine.state, zero])
        else:
            machine.state = zero
        if machine.state is not None:
            for item in sequence.tail:
                if not one(item):
                    break
    if sequence.known:
        later = _any_later(sequence.known[-1])
        if not sequence.exact or index < len(sequence.head):
            period.go_on(place, lambda: body(later))
        watch.judge(place, lambda: body(later), _count(sequence))
        last = sequence.turns[-1] if sequence.turns else sequence.known[-1]
        watch.probe(place, lambda ahead: body(_ahead(last, ahead)), _count(sequence))
    looking.ended(breaks, index, sequence, watch.later)
    if machine.facts is facts and len(facts.objectives) > sent:
        facts.gathered.append(Gathered(place, machine.activation.site, sequence, looking.begun))
    if machine.state is not None and orelse:
        machine.execute(orelse)
    _leave(machine, breaks)


def _is_active(machine: Machine, item: Value) -> bool:
    """Whether an item does something itself, as functions, optimizers and objects of the project do; data does not."""
    if isinstance(item, Sequence):
        return any(_is_active(machine, each) for each in item.head)
    if isinstance(item, Object) and isinstance(item.cls, Class):
        return not (containers.is_list(item) or containers.is_dict(item)) and not is_hidden(item.cls.place)
    if isinstance(item, Object) and isinstance(item.cls, Library):
        entry = machine.knowledge.entries.get(item.cls.name)
        return entry is not None and entry.kind in ACTIVE
    return isinstance(item, Function | Bound | Partial)


def _ahead(item: Value, turns: int) -> Value:
    """The item of a turn so many turns on: counters have counted."""
    if isinstance(item, Number) and item.integer and isinstance(item.exact, int):
        return number(item.exact + turns, item.origin)
    if isinstance(item, Sequence):
        return evolve(item, head=tuple(_ahead(each, turns) for each in item.head))
    return item


def _any_later(item: Value) -> Value:
    """The item of a turn far on: counters have counted past every limit."""
    if isinstance(item, Number) and item.integer:
        return Number(Interval(max(growth.FAR, item.range.lo), intervals.INFINITY), integer=True, origin=item.origin)
    if isinstance(item, Sequence):
        return evolve(item, head=tuple(map(_any_later, item.head)))
    return item


def _count(sequence: Sequence) -> int | None:
    """How many items there are, where that is known or a default says it."""
    if sequence.exact:
        return len(sequence.head)
    count = None if sequence.count is None else known_number(sequence.count)
    return None if count is None else int(count)


def _leave(machine: Machine, breaks: list[State]) -> None:
    states = [state for state in [machine.state, *breaks] if state is not None]
    machine.state = join_states(states) if states else None


# Comprehensions -------------------------------------------------------------------------------------------------------


def collect(machine: Machine, e: tree.Comprehension) -> Value:
    """A comprehension is a loop that builds a sequence or mapping; an undecided filter leaves items uncertain."""
    iterable = machine.narrow(machine.evaluate(e.clauses[0].iterable))
    return machine.split(iterable, lambda one: _collected(machine, e, one))


def postpone(machine: Machine, e: tree.Comprehension) -> Value:
    """A generator that is kept: of it only the first iterable is evaluated at once."""
    iterable = machine.narrow(machine.evaluate(e.clauses[0].iterable))
    if isinstance(iterable, Parameters):
        return _collected(machine, e, iterable)
    value = machine.unknown("a generator that has not run", machine.place(e), iterable)
    if value.origin is not None:
        machine.postponed[value.origin] = Postponed(e, iterable, machine.activation)
    return value


def resume(machine: Machine, postponed: Postponed) -> Value:
    """Somebody takes the items of such a generator; it sees the names around it, and runs in the modes of now."""
    reader = machine.activation
    own = postponed.activation
    if own.frame is not reader.frame:
        machine.activation = evolve(own, site=reader.site)
    e = postponed.comprehension
    try:
        return machine.split(postponed.iterable, lambda one: _collected(machine, e, one))
    finally:
        machine.activation = reader


def _collected(machine: Machine, e: tree.Comprehension, iterable: Value) -> Value:
    place = machine.place(e)
    built = _Builder()
    frame = machine.activation.frame
    names = {name for clause in e.clauses for name in _names(clause.target)}
    before = {name: machine.heap.get(frame, name) for name in names}
    if isinstance(iterable, Parameters) and _only_picks(e, iterable):
        chosen: Value = _picked(machine, e, iterable)
    else:
        chosen = machine.nothing
        _clauses(machine, e, e.clauses, built, iterable)
    for name, value in before.items():  # its variables are its own
        if value is None:
            machine.heap.remove(frame, name)
        else:
            machine.heap.set(frame, name, value)
    if isinstance(chosen, Parameters):
        return chosen
    if e.kind == "dict":
        pairs = tuple((key, value) for key, value in built.pairs if key is not None)
        rest = built.sequence().middle
        return containers.new_dict(machine, pairs, rest, place)
    sequence = built.sequence()
    if e.kind == "generator":
        held = [each for each in sequence.known if isinstance(each, Parameters)]
        if held and len(held) == len(sequence.known):
            owners = frozenset[ObjectId]().union(*(each.owners for each in held))
            return iterators.picked(machine, Parameters(owners, complete=False), tuple(held), place)
        return evolve(sequence, kind="iterator")
    return containers.new_list(machine, evolve(sequence, kind="list"), place)


def _names(target: tree.Expression) -> Iterator[str]:
    if isinstance(target, tree.Name):
        yield target.id
    elif isinstance(target, tree.Display):
        for item in target.items:
            yield from _names(item)
    elif isinstance(target, tree.Starred):
        yield from _names(target.value)


class _Builder:
    """Collects items; what comes within an uncertain turn belongs to the middle."""

    def __init__(self) -> None:
        self.head: list[Value] = []
        self.middle: Value | None = None
        self.tail: list[Value] = []
        self.pairs: list[tuple[Value | None, Value]] = []
        self.uncertain = 0

    def add(self, key: Value | None, value: Value) -> None:
        if self.uncertain:
            held = [*([self.middle] if self.middle is not None else []), *self.tail, value]
            middle = held[0]
            for item in held[1:]:
                middle = join(middle, item)
            self.middle, self.tail = middle, []
        elif self.middle is None:
            self.head.append(value)
            self.pairs.append((key, value))
        else:
            self.tail.append(value)

    def sequence(self) -> Sequence:
        symbol = None if self.middle is None else Node("length", None)
        return Sequence(tuple(self.head), self.middle, tuple(self.tail), "list", symbol=symbol)


def _only_picks(e: tree.Comprehension, whole: Parameters) -> bool:
    """Whether a comprehension gives some of the parameters as they are, with their names or without."""
    target = e.clauses[0].target
    if len(e.clauses) > 1 or e.kind == "dict":
        return False
    if not whole.named or isinstance(target, tree.Name):
        return _is_same_name(target, e.element)
    return isinstance(target, tree.Display) and len(target.items) == 2 and _named(target, e.element) is not None


def _is_same_name(one: tree.Expression, other: tree.Expression) -> bool:
    return isinstance(one, tree.Name) and isinstance(other, tree.Name) and one.id == other.id


def _named(target: tree.Display, element: tree.Expression) -> bool | None:
    """Whether the items of a comprehension over pairs are those pairs; None if they are not the parameters either."""
    if isinstance(element, tree.Display) and element.kind == "tuple" and len(element.items) == 2:
        return True if all(map(_is_same_name, target.items, element.items)) else None
    return False if _is_same_name(target.items[1], element) else None


def _picked(machine: Machine, e: tree.Comprehension, whole: Parameters) -> Parameters:
    """The parameters that a comprehension picks."""
    clause = e.clauses[0]
    if iterators.used_up(machine, whole) is not None:
        return evolve(whole, owners=frozenset())
    named = whole.named and not (isinstance(clause.target, tree.Display) and _named(clause.target, e.element) is False)

    def passes(each: Value) -> bool | None:
        assign(machine, clause.target, each)
        answers = [truth.decide(machine, machine.evaluate(condition)) for condition in clause.conditions]
        return False if False in answers else None if None in answers else True

    containers.iterate(machine, whole, machine.place(clause.iterable))
    with machine.turn(machine.place(clause), 0):
        chosen = iterators.chosen(machine, whole, passes)
    chosen = evolve(chosen, named=named)
    if e.kind == "generator":
        return iterators.picked(machine, chosen, (whole,), machine.place(e))
    return evolve(chosen, lazy=False)


def _clauses(
    machine: Machine,
    e: tree.Comprehension,
    clauses: tuple[tree.Clause, ...],
    built: _Builder,
    iterable: Value | None = None,
) -> None:
    if not clauses:
        key = None if e.key is None else machine.evaluate(e.key)
        built.add(key, machine.evaluate(e.element))
        return
    clause = clauses[0]
    place = machine.place(clause)
    begun = Node("loop", place).born
    iterable = machine.narrow(machine.evaluate(clause.iterable)) if iterable is None else iterable
    sequence = containers.iterate(machine, iterable, machine.place(clause.iterable))

    def turn(item: Value, certain: bool, index: int) -> None:
        with machine.turn(place, index):
            assign(machine, clause.target, item)
            for condition in clause.conditions:
                answer = truth.decide(machine, machine.evaluate(condition))
                if answer is False:
                    return
                certain = certain and answer is True
            built.uncertain += not certain
            _clauses(machine, e, clauses[1:], built)
            built.uncertain -= not certain

    index = 0
    for item in sequence.head:
        turn(item, True, index)
        index += 1
        if machine.fuel <= 0:
            return
    if sequence.middle is not None:
        machine.drawn[machine.site(machine.activation.site, place, index)] = Drawn(sequence.middle, begun)
        turn(sequence.middle, False, index)
        for item in sequence.tail:
            index += 1
            turn(item, True, index)
