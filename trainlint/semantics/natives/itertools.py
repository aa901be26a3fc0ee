"""Iterators over iterators."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from trainlint.semantics import containers, iterators
from trainlint.semantics.arithmetic import binary
from trainlint.semantics.immutable import evolve
from trainlint.semantics.joins import join
from trainlint.semantics.machine import UNROLLED, Arguments, arguments
from trainlint.semantics.natives.registry import REGISTRY, first_of, items_or_unknown, native, nth
from trainlint.semantics.values import (
    Number,
    Parameters,
    Place,
    Sequence,
    Value,
    number,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_NOWHERE = Place("", 0, 0)


@native("itertools.chain")
def _chain(machine: Machine, given: Arguments, place: Place | None) -> Value:
    result: Value | None = None
    for each in given.positional:
        if isinstance(each.value, Parameters):
            if isinstance(result, Parameters):
                both = Parameters(result.owners | each.value.owners, result.complete and each.value.complete)
                result = iterators.picked(machine, both, (result, each.value), place)
            else:
                result = each.value
            continue
        items = items_or_unknown(machine, each.value, place)
        result = items if not isinstance(result, Sequence) else containers.concatenated(machine, result, items)
    return result if result is not None else Sequence()


@native("itertools.chain.from_iterable")
def _from_iterable(machine: Machine, given: Arguments, place: Place | None) -> Value:
    parts = items_or_unknown(machine, first_of(machine, given), place)
    if not parts.exact:
        return Sequence(middle=machine.unknown("items of sequences that were not followed", place), endless=True)
    return _chain(machine, arguments(*parts.head), place)


@native("itertools.pairwise", "more_itertools.pairwise")
def _pairwise(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Neighbours: of ``[a, m…, z]`` they are ``(a, m)``, any number of ``(m, m)``, and ``(m, z)``."""
    items = items_or_unknown(machine, first_of(machine, given), place)
    middle = items.middle
    if middle is None:
        pairs = zip(items.head, items.head[1:], strict=False)
        return Sequence(tuple(Sequence(pair) for pair in pairs), kind="iterator")
    head = tuple(Sequence(pair) for pair in zip(items.head, items.head[1:], strict=False))
    tail = tuple(Sequence(pair) for pair in zip(items.tail, items.tail[1:], strict=False))
    first = Sequence((items.head[-1] if items.head else middle, middle))
    last = Sequence((middle, items.tail[0] if items.tail else middle))
    inner = join(join(first, Sequence((middle, middle))), last)
    return Sequence(head, inner, tail, "iterator", endless=items.endless)


@native("itertools.product")
def _product(machine: Machine, given: Arguments, place: Place | None) -> Value:
    columns = [items_or_unknown(machine, each.value, place) for each in given.positional]
    repeat = given.keyword("repeat")
    if isinstance(repeat, Number) and isinstance(repeat.exact, int):
        columns *= max(0, min(repeat.exact, 8))
    count = 1
    for each in columns:
        count *= len(each.head) if each.exact else UNROLLED + 1
    if count <= UNROLLED:
        return Sequence(tuple(map(Sequence, itertools.product(*(each.head for each in columns)))), kind="iterator")
    middles = tuple(_any_of(machine, each, place) for each in columns)
    return Sequence(middle=Sequence(middles), kind="iterator", endless=True)


def _any_of(machine: Machine, items: Sequence, place: Place | None) -> Value:
    if not items.known:
        return machine.unknown("an item of nothing", place)
    result = items.known[0]
    for each in items.known[1:]:
        result = join(result, each)
    return result


@native("itertools.combinations", "itertools.permutations", "itertools.combinations_with_replacement")
def _combinations(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items = items_or_unknown(machine, first_of(machine, given), place)
    size = nth(machine, given, 1, "r")
    if not isinstance(size, Number) or not isinstance(size.exact, int) or not 0 < size.exact <= 8:
        return Sequence(middle=machine.unknown("groups of unknown size", place), kind="iterator")
    if items.exact and len(items.head) <= 8 and size.exact == 2:
        found = tuple(map(Sequence, itertools.combinations(items.head, 2)))
        return Sequence(found, kind="iterator")
    return Sequence(middle=Sequence((_any_of(machine, items, place),) * size.exact), kind="iterator", endless=True)


@native("itertools.islice", "itertools.takewhile", "itertools.dropwhile", "itertools.filterfalse", "itertools.compress")
def _some(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Some of the items; which ones, where the bounds are known."""
    values = [each.value for each in given.positional]
    at = next((index for index, each in enumerate(values) if containers.items_of(machine, each) is not None), None)
    items = items_or_unknown(machine, values[at] if at is not None else machine.nothing, place)
    bounds = [each.exact for each in values[1:4] if isinstance(each, Number) and isinstance(each.exact, int)]
    is_slice = at == 0 and 0 < len(bounds) == len(values) - 1
    if is_slice and items.exact:
        start, stop, step = (0, bounds[0], 1) if len(bounds) == 1 else (*bounds, 1)[:3]
        return Sequence(items.head[start:stop:step] if step > 0 else (), kind="iterator")
    count = bounds[0] if is_slice and len(bounds) == 1 else None
    if isinstance(count, int) and not items.tail and len(items.head) < count <= UNROLLED and items.endless:
        assert items.middle is not None
        return Sequence((*items.head, *(items.middle,) * (count - len(items.head))), kind="iterator")
    return Sequence(middle=_any_of(machine, items, place), kind="iterator", endless=True)


@native("itertools.repeat")
def _repeat(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value, times = first_of(machine, given), nth(machine, given, 1, "times")
    if isinstance(times, Number) and isinstance(times.exact, int) and 0 <= times.exact <= UNROLLED:
        return Sequence((value,) * times.exact, kind="iterator")
    return Sequence(middle=value, kind="iterator", endless=True)


@native("itertools.cycle")
def _cycle(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items = items_or_unknown(machine, first_of(machine, given), place)
    return Sequence(middle=_any_of(machine, items, place), kind="iterator", turns=items.head[:2], endless=True)


@native("itertools.count")
def _count(machine: Machine, given: Arguments, place: Place | None) -> Value:
    start = nth(machine, given, 0, "start") or number(0)
    step = nth(machine, given, 1, "step")
    whole = isinstance(start, Number) and isinstance(start.exact, int) and step is None
    if not whole:
        return Sequence(middle=machine.unknown("counting in steps", place), kind="iterator", endless=True)
    from trainlint.semantics.natives.sequences import open_range

    return evolve(open_range(start), kind="iterator")


@native("itertools.accumulate")
def _accumulate(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items = items_or_unknown(machine, first_of(machine, given), place)
    function, initial = nth(machine, given, 1, "func"), given.keyword("initial")
    if not items.exact:
        return Sequence(middle=machine.unknown("sums of items that were not followed", place), kind="iterator")
    totals = [] if initial is None else [initial]
    for each in items.head:
        if not totals:
            totals.append(each)
        elif function is None:
            totals.append(binary(machine, "+", totals[-1], each, place or _NOWHERE))
        else:
            totals.append(machine.call(function, arguments(totals[-1], each), place))
    return Sequence(tuple(totals), kind="iterator")


@native("itertools.zip_longest")
def _zip_longest(machine: Machine, given: Arguments, place: Place | None) -> Value:
    columns = [items_or_unknown(machine, each.value, place) for each in given.positional]
    filler = given.keyword("fillvalue") or machine.nothing
    if not all(each.exact for each in columns):
        return REGISTRY["builtins.zip"](machine, given, place)
    rows = itertools.zip_longest(*(each.head for each in columns), fillvalue=filler)
    return Sequence(tuple(map(Sequence, rows)), kind="iterator")


@native("itertools.starmap")
def _starmap(machine: Machine, given: Arguments, place: Place | None) -> Value:
    function = first_of(machine, given)
    rows = items_or_unknown(machine, nth(machine, given, 1) or machine.nothing, place)

    def one(row: Value) -> Value:
        parts = containers.items_of(machine, row)
        if parts is None or not parts.exact:
            return machine.unknown("arguments that were not followed", place, row)
        return machine.call(function, arguments(*parts.head), place)

    middle = None if rows.middle is None else one(rows.middle)
    return evolve(rows, head=tuple(map(one, rows.head)), middle=middle, tail=tuple(map(one, rows.tail)), turns=())


@native("itertools.groupby", "itertools.tee")
def _groupby(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Sequence(middle=machine.unknown("groups of items", place), kind="iterator")
