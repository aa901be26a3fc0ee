"""Generators of the project: a loop over one is run where it yields, so that both take turns as they do in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from trainlint.semantics import growth, intervals, measures
from trainlint.semantics.evidence import is_hidden
from trainlint.semantics.heap import State, join_states
from trainlint.semantics.intervals import Interval
from trainlint.semantics.machine import Arguments, Given, PathEnds, PostponedCall, arguments
from trainlint.semantics.names import frame_of
from trainlint.semantics.values import (
    CALL,
    Bound,
    Class,
    Function,
    Library,
    Number,
    Object,
    Partial,
    Place,
    Sequence,
    Site,
    Unknown,
    Value,
    number,
)
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

ENUMERATE = "builtins.enumerate"


@frozen
class Driven:
    """A call of a generator that a loop goes through; ``counted`` is the number of the first item, if they have one."""

    function: Value
    given: Arguments
    place: Place
    counted: int | None = None


def is_generator(function: Value) -> bool:
    """Whether calling this gives a generator that the project wrote."""
    while isinstance(function, Bound | Partial):
        function = function.function
    if not isinstance(function, Function) or "contextmanager" in function.marks or is_hidden(function.place):
        return False
    return isinstance(function.source, tree.FunctionDef) and function.source.generator


def source(machine: Machine, e: tree.Expression) -> Value | Driven:
    """What a loop goes through: a value, or a generator that has not begun."""
    if isinstance(e, tree.Call):
        return _called(machine, e)
    waiting = _waiting(machine, e) if isinstance(e, tree.Name) and machine.postponed else None
    if waiting is not None:
        return waiting
    value = machine.evaluate(e)
    if isinstance(value, Object) and isinstance(value.cls, Class):
        own = machine.attribute(value, "__iter__", None)
        if is_generator(own):
            return Driven(own, arguments(), machine.place(e))
    return value


def postpone(machine: Machine, e: tree.Call) -> Value:
    """The value of a call that a variable keeps: a generator runs when somebody takes its items."""
    found = _called(machine, e)
    if not isinstance(found, Driven):
        return found
    value = machine.unknown("a generator that has not run", machine.place(e))
    if value.origin is not None:
        machine.postponed[value.origin] = PostponedCall(found)
    return value


def _called(machine: Machine, e: tree.Call) -> Value | Driven:
    from trainlint.semantics.expressions import gather

    function, place = machine.evaluate(e.function), machine.place(e)
    if is_generator(function):
        return Driven(function, gather(machine, e.arguments), place)
    if e.arguments and _hands_on(machine, function) and not (e.arguments[0].star or e.arguments[0].keyword):
        inner = source(machine, e.arguments[0].value)
        others = gather(machine, e.arguments[1:])
        if isinstance(inner, Driven):
            return evolve(inner, counted=_first(others)) if _is_counting(function) else inner
        first = Given(inner, machine.place(e.arguments[0].value))
        given = evolve(others, positional=(first, *others.positional))
    else:
        given = gather(machine, e.arguments)
    return machine.narrow(machine.call(function, given, place))


def _hands_on(machine: Machine, function: Value) -> bool:
    """Whether a function gives the items of its first argument, perhaps counted."""
    if not isinstance(function, Library):
        return False
    entry = machine.knowledge.entries.get(function.name)
    return _is_counting(function) or (entry is not None and entry.kind == "wrapper" and entry.wraps == "iterable")


def _is_counting(function: Value) -> bool:
    return isinstance(function, Library) and function.name == ENUMERATE


def _first(given: Arguments) -> int:
    """The number at which an enumeration begins."""
    start = next(given.values(), None)
    return start.value if isinstance(start, Number) and isinstance(start.value, int) else 0


def _waiting(machine: Machine, e: tree.Name) -> Driven | None:
    """The generator that a variable keeps, if it has not begun; it will have ended."""
    frame = frame_of(machine, e.id)
    held = None if frame is None else machine.heap.get(frame, e.id)
    origin = held.origin if isinstance(held, Unknown) else None
    postponed = None if origin is None else machine.postponed.get(origin)
    if frame is None or not isinstance(postponed, PostponedCall):
        return None
    machine.heap.set(frame, e.id, Sequence(kind="iterator"))
    return postponed.driven


def run(machine: Machine, driven: Driven, place: Place, body: Callable[[Value], None]) -> tuple[list[State], bool]:
    """Run ``body`` wherever the generator yields; the states in which the loop is left early, and whether it began.

    Where a loop of the generator yields, its turns are those of the body too.
    """
    consumer, breaks = machine.activation, list[State]()
    depth, known = len(machine.running), len(machine.facts.loops)
    looking, facts = measures.Looking(machine, place, None), machine.facts
    turns = 0

    def middle(value: Value) -> None:
        nonlocal turns
        producer, outer = machine.activation, consumer.site
        around = next((each for each in _links(producer.site, outer) if each.is_turn), None)
        far = around is not None and around.turn >= growth.FAR_TURN
        inside, returns = machine.running[depth:], len(consumer.returns)
        ends: tuple[list[State], list[State]] = ([] if far else breaks, [])
        machine.activation = consumer
        del machine.running[depth:]
        consumer.loops.append(ends)
        consumer.site = machine.site(producer.site, place, turns if around is None else CALL)
        try:
            body(_counted(driven, value, turns, far=far))
        except PathEnds:
            machine.state = None
        finally:
            consumer.site = outer
            consumer.loops.pop()
            machine.activation = producer
            machine.running += inside
        states = [each for each in (machine.state, *ends[1]) if each is not None]
        machine.state = join_states(states) if states else None
        if far:
            del consumer.returns[returns:]
        turns += not far

    machine.entering = middle
    try:
        machine.call(driven.function, driven.given, driven.place)
    except PathEnds:
        machine.state = None
    began = machine.entering is None
    machine.entering = None
    if machine.facts is facts:
        outer = consumer.site
        around = [index for index in range(known, len(facts.loops)) if _is_own(facts.loops[index].site, outer, place)]
        for index in around:
            facts.loops[index] = looking.left_by(facts.loops[index], breaks)
        if not around:
            consumer.site = machine.site(outer, driven.place)
            looking.ended(breaks, turns, Sequence((machine.nothing,) * turns), None)
            consumer.site = outer
    return breaks, began


def _links(inner: Site, outer: Site) -> Iterator[Site]:
    """The links from one site out to another."""
    for each in inner.links():
        if each is outer:
            return
        yield each


def _counted(driven: Driven, value: Value, turns: int, *, far: bool) -> Value:
    if driven.counted is None:
        return value
    if far:
        return Sequence((Number(Interval(growth.FAR, intervals.INFINITY), integer=True), value))
    return Sequence((number(driven.counted + turns), value))


def _is_own(site: Site, outer: Site, place: Place) -> bool:
    """Whether a loop is one of the generator, and not in what its items are used for."""
    return all(each.place != place for each in _links(site, outer))


def resume(machine: Machine, postponed: PostponedCall) -> Value:
    """Somebody takes all items at once."""
    driven = postponed.driven
    return machine.call(driven.function, driven.given, driven.place)
