"""Schedules: what they make of a learning rate over a run.

A callback is tried: called with the numbers of steps early and late in a run. What it returns for them says how high
the rate climbs, and whether it goes on climbing for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.semantics import containers
from trainlint.semantics.intervals import INFINITY, LARGEST
from trainlint.semantics.machine import PathEnds, arguments
from trainlint.semantics.values import (
    Bound,
    Class,
    Function,
    Library,
    Nothing,
    Number,
    Object,
    Partial,
    Value,
    known_number,
    number,
    options,
)

if TYPE_CHECKING:
    from trainlint.knowledge.schema import Rate
    from trainlint.semantics.machine import Machine
    from trainlint.semantics.values import Place

EARLY = (*range(9), 10, 20, 50, 100, 500, 1_000, 5_000, 10_000)
LATE = (10**5, 10**6, 10**8, 10**10)
MOST_HANDED_ON = 100
STEADY = 3.0  # a rate that grows with a power of the step gains more than this between two late trials


@frozen
class Effect:
    """What the base rate is multiplied by: it is known to come to ``factor``, and never to go over ``most``.

    ``peak`` is a rate that counts instead of it. All three are None where they are not known. ``grows`` is set where
    the rate has no upper end: by a factor that compounds, or by a callback whose result never stops climbing.
    ``decided`` is the value that says so.
    """

    factor: float | None = None
    most: float | None = None
    peak: Value | None = None
    grows: bool = False
    decided: Value | None = None


def effect(
    machine: Machine,
    rate: Rate | None,
    bound: dict[str, Value],
    place: Place | None,
    before: Number | None = None,
    turns: int | None = None,
) -> Effect:
    """What a schedule with these arguments makes of the rate in so many turns; ``before`` is the rate, if known."""
    if rate is None:
        return Effect()
    if rate.calls is not None:
        return called(machine, bound.get(rate.calls, machine.nothing), rate, place, before, turns)
    if rate.peak is not None and (not rate.factors or not isinstance(bound.get(rate.peak), Nothing)):
        return Effect(peak=bound.get(rate.peak))
    given = [bound.get(each) if isinstance(each, str) else number(each) for each in rate.factors]
    known = [each.value for each in given if isinstance(each, Number) and each.value is not None]
    if not given or len(known) < len(given):
        return Effect()
    if rate.compounds:
        grows = max(known) > 1
        return Effect(1.0, None if grows else 1.0, None, grows, given[known.index(max(known))])
    return Effect(float(max(known)), float(max(known)), decided=given[known.index(max(known))])


def called(
    machine: Machine,
    function: Value,
    rate: Rate,
    place: Place | None,
    before: Number | None = None,
    turns: int | None = None,
) -> Effect:
    """Try the callback of each group; the effect of the boldest counts. One that takes it is given the rate before."""
    effects = [_tried(machine, each, rate, place, before, turns) for each in _functions(machine, function)]
    if not effects:
        return Effect()
    return max(effects, key=lambda each: (each.grows, each.factor or 0.0))


def _functions(machine: Machine, value: Value) -> Iterator[Value]:
    for _, option in options(value):
        items = containers.items_of(machine, option) if containers.is_list(option) else None
        for each in [option] if items is None else items.known:
            if isinstance(each, Function | Bound | Partial | Class | Library | Object):
                yield each


def _tried(
    machine: Machine, function: Value, rate: Rate, place: Place | None, before: Number | None, turns: int | None
) -> Effect:
    if before is not None and _takes_two(function):
        return _handed_on(machine, function, place, before, turns)
    steps = EARLY if turns is None else sorted({*(step for step in EARLY if step < turns), max(turns - 1, 0)})
    early = [value for step in steps if (value := _at(machine, function, place, number(step))) is not None]
    later = LATE if turns is None else ()
    late = [value for step in later if (value := _at(machine, function, place, number(step))) is not None]
    known = [(found, value) for value in early if (found := _number(value)) is not None and found < INFINITY]
    if not known:
        return Effect()
    reached, highest = max(known, key=lambda pair: pair[0])
    climb = [found for each in late if (found := _number(each)) is not None]
    if rate.compounds:
        grows = len(climb) == len(LATE) and all(each > 1 for each in (*(number for number, _ in known[-3:]), *climb))
        return Effect(1.0, None if reached > 1 or len(known) < len(early) else 1.0, None, grows, highest)
    grows = len(climb) == len(LATE) and climb[0] > reached
    grows = grows and all(later > STEADY * earlier or later == INFINITY for earlier, later in pairwise(climb))
    if rate.absolute:
        return Effect(peak=highest, grows=grows, decided=highest)
    bounds = [_bound(each) for each in (*early, *late)]
    most = None if grows or len(early) < len(EARLY) - 1 or not bounds else max(bounds)
    return Effect(reached, None if most == INFINITY else most, None, grows, highest)


def _bound(value: Value) -> float:
    """A number that a result does not go over."""
    known = _number(value)
    if known is not None:
        return known
    return value.range.hi if isinstance(value, Number) else INFINITY


def _takes_two(function: Value) -> bool:
    inner = function.function if isinstance(function, Bound) else function
    if not isinstance(inner, Function):
        return False
    given = 1 if isinstance(function, Bound) else 0
    return sum(each.kind in ("positional", "either") for each in inner.source.parameters) - given >= 2


def _handed_on(machine: Machine, function: Value, place: Place | None, before: Number, turns: int | None) -> Effect:
    """A callback that makes of each rate the next: over the first steps, and whether late ones raise it still."""
    rate: Value = before
    highest: Value = before
    for step in range(min(MOST_HANDED_ON, MOST_HANDED_ON if turns is None else turns)):
        found = _at(machine, function, place, number(step), rate)
        if found is None or _number(found) is None:
            return Effect()
        rate = found
        if (_number(rate) or 0.0) > (_number(highest) or 0.0):
            highest = rate
    late = [_at(machine, function, place, number(step), before) for step in LATE] if turns is None else []
    known = [None if each is None else _number(each) for each in late]
    start = _number(before)
    grows = bool(late) and start is not None and all(each is not None and each > start for each in known)
    return Effect(peak=None if grows else highest, grows=grows, decided=highest)


def _at(machine: Machine, function: Value, place: Place | None, *given: Value) -> Value | None:
    """What the callback returns for a step, its settings as they ship; None where that path ends."""
    start, shipped = machine.now, machine.as_shipped
    machine.state, machine.as_shipped = start.fork(), True
    try:
        return machine.narrow(machine.call(function, arguments(*given), place))
    except PathEnds:
        return None
    finally:
        machine.state, machine.as_shipped = start, shipped


def _number(value: Value) -> float | None:
    for _, option in options(value):
        if not isinstance(option, Number):
            return None
        known = known_number(option)
        if known is not None:
            return known
        return INFINITY if option.range.lo >= LARGEST else None  # too large to be computed
    return None
