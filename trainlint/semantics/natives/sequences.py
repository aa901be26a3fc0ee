"""Functions over sequences: counting, pairing, picking, ordering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers, intervals, iterators, truth
from trainlint.semantics.arithmetic import binary
from trainlint.semantics.derived import made
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.joins import join
from trainlint.semantics.machine import UNROLLED, Arguments, arguments
from trainlint.semantics.natives.registry import REGISTRY, Native, first_of, items_or_unknown, native, nth
from trainlint.semantics.numeric import SUM
from trainlint.semantics.primitives import PRIMITIVES, Use, reductions
from trainlint.semantics.values import (
    Choice,
    Flag,
    Node,
    Nothing,
    Number,
    Object,
    Parameters,
    Place,
    Sequence,
    Size,
    Tensor,
    Unknown,
    Value,
    number,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


@native("builtins.len")
def _len(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return machine.split(first_of(machine, given), lambda one: containers.length(machine, one))


@native("builtins.range", "tqdm.trange")
def _range(machine: Machine, given: Arguments, place: Place | None) -> Value:
    bounds = [each.value for each in given.positional[:3]]
    items = _between(bounds)
    return evolve(items, count=_how_many(machine, bounds, place) or items.count)


def _how_many(machine: Machine, bounds: list[Value], place: Place | None) -> Value | None:
    """How many numbers a range holds, where it goes up by one."""
    if len(bounds) == 2 and place is not None:
        start, stop = bounds
        begins_at_zero = isinstance(start, Number) and start.exact == 0
        return stop if begins_at_zero else binary(machine, "-", stop, start, place)
    return bounds[0] if len(bounds) == 1 else None


def _between(bounds: list[Value]) -> Sequence:
    if not bounds or not all(isinstance(each, Number) for each in bounds):
        return open_range(number(0) if len(bounds) < 2 else bounds[0])
    numbers = [each for each in bounds if isinstance(each, Number)]
    if len(numbers) == 1:
        numbers = [number(0), numbers[0]]
    known = [each.value for each in numbers if isinstance(each.value, int)]
    stop = numbers[1]
    if len(known) == len(numbers):
        items = range(*known)
        if len(items) <= UNROLLED:
            return Sequence(tuple(number(each) for each in items), kind="range")
        if all(each.exact is not None for each in numbers):
            between = Interval(float(min(items[0], items[-1])), float(max(items[0], items[-1])))
            turns = (number(items[0]), number(items[1]))
            middle = Number(between, integer=True)
            return Sequence((), middle, (), "range", turns=turns, endless=True, count=number(len(items)))
        return evolve(open_range(number(items[0])), count=number(len(items)))
    if stop.size is not None and stop.size.offset >= 1 and numbers[0].exact == 0 and len(numbers) == 2:
        last = evolve(stop.size, offset=stop.size.offset - 1)
        before = Number(intervals.NON_NEGATIVE, integer=True, below=last)
        final = Number(intervals.NON_NEGATIVE, integer=True, size=last)
        return Sequence((), before, (final,), "range", symbol=last.symbol)
    return open_range(numbers[0])


def open_range(start: Value) -> Sequence:
    """Whole numbers from a start on, nobody knows how far."""
    first = start.exact if isinstance(start, Number) else None
    low = float(first) if isinstance(first, int) else -intervals.INFINITY
    middle = Number(Interval(low, intervals.INFINITY), integer=True)
    turns = (number(first), number(first + 1)) if isinstance(first, int) else ()
    return Sequence((), middle, (), "range", turns=turns, endless=True)


@native("builtins.enumerate")
def _enumerate(machine: Machine, given: Arguments, place: Place | None) -> Value:
    sequence = items_or_unknown(machine, first_of(machine, given), place)
    start_value = nth(machine, given, 1, "start")
    start = start_value.value if isinstance(start_value, Number) else 0
    if not isinstance(start, int):
        start = 0
    head = tuple(Sequence((number(start + i), item)) for i, item in enumerate(sequence.head))
    if sequence.middle is None:
        return Sequence(head, kind="iterator")
    after = len(sequence.head)
    symbol = sequence.symbol or Node("length", place)
    low = Interval(float(start + after), intervals.INFINITY)
    index = Number(low, integer=True, below=Size(symbol, start + after))
    tail = tuple(
        Sequence((Number(low, integer=True, size=Size(symbol, start + after + i)), item))
        for i, item in enumerate(sequence.tail)
    )
    turns: tuple[Value, ...] = ()
    if sequence.endless:
        items = sequence.turns or (sequence.middle, sequence.middle)
        turns = tuple(Sequence((number(start + after + i), item)) for i, item in enumerate(items))
    pair = Sequence((index, sequence.middle))
    return Sequence(head, pair, tail, "iterator", symbol, turns, sequence.endless, sequence.count)


@native("builtins.zip")
def _zip(machine: Machine, given: Arguments, place: Place | None) -> Value:
    first = given.positional[0].value if len(given.positional) == 1 else None
    turned = _turned(first) if isinstance(first, Sequence) and first.kind == "spread" else None
    if turned is not None:
        return turned
    sequences = [items_or_unknown(machine, each.value, place) for each in given.positional]
    if not sequences:
        return Sequence()
    shortest = min((len(each.head) for each in sequences if each.exact), default=None)
    if shortest is not None and all(each.exact or len(each.head) >= shortest or not each.tail for each in sequences):
        rows = []
        for i in range(shortest):
            rows.append(Sequence(tuple(each.head[i] if i < len(each.head) else each.known[-1] for each in sequences)))
        return Sequence(tuple(rows), kind="iterator")
    ends = {len(each.tail) for each in sequences}
    heads = min(len(each.head) for each in sequences)
    head = tuple(Sequence(tuple(each.head[i] for each in sequences)) for i in range(heads))
    middle_parts = []
    for each in sequences:
        inner = [*each.head[heads:], *([each.middle] if each.middle is not None else [])]
        part = inner[0] if inner else machine.unknown("zip", place)
        for item in inner[1:]:
            part = join(part, item)
        middle_parts.append(part)
    tail: tuple[Value, ...] = ()
    if len(ends) == 1 and all(not each.exact for each in sequences):
        tail = tuple(Sequence(tuple(each.tail[i] for each in sequences)) for i in range(ends.pop()))
    return Sequence(head, Sequence(tuple(middle_parts)), tail, "iterator", endless=any(s.endless for s in sequences))


def _turned(rows: Sequence) -> Sequence | None:
    """Columns of rows of one length, of which nobody knows how many there are."""
    width = {len(each.head) if isinstance(each, Sequence) and each.exact else 0 for each in rows.known}
    if len(width) != 1 or 0 in width:
        return None

    def column(part: Value, index: int) -> Value:
        assert isinstance(part, Sequence)
        return part.head[index]

    return Sequence(
        tuple(
            Sequence(
                tuple(column(each, index) for each in rows.head),
                None if rows.middle is None else column(rows.middle, index),
                tuple(column(each, index) for each in rows.tail),
                symbol=rows.symbol,
                endless=rows.endless,
            )
            for index in range(width.pop())
        ),
        kind="iterator",
    )


@native("builtins.list", "builtins.set", "builtins.frozenset", "collections.deque", "list.copy")
def _list(machine: Machine, given: Arguments, place: Place | None) -> Value:
    first = first_of(machine, given)
    if isinstance(first, Parameters):
        return _all_of(machine, first, place)
    if isinstance(first, Choice):
        return machine.split(first, lambda one: _list(machine, arguments(one), place))
    items = Sequence() if not given.positional else items_or_unknown(machine, first, place)
    return containers.new_list(machine, evolve(items, turns=()), place)


def _all_of(machine: Machine, value: Parameters, place: Place | None) -> Parameters:
    return iterators.all_of(machine, value, place)


@native("builtins.iter")
def _iter(machine: Machine, given: Arguments, place: Place | None) -> Value:
    first = first_of(machine, given)
    return first if isinstance(first, Parameters) else _tuple(machine, given, place)


@native("builtins.tuple")
def _tuple(machine: Machine, given: Arguments, place: Place | None) -> Value:
    first = first_of(machine, given)
    if isinstance(first, Parameters):
        return _all_of(machine, first, place)
    items = Sequence() if not given.positional else items_or_unknown(machine, first, place)
    return evolve(items, kind="tuple")


@native("builtins.reversed")
def _reversed(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items = items_or_unknown(machine, first_of(machine, given), place)
    return evolve(
        items,
        head=(items.tail if items.middle is not None else items.head)[::-1],
        tail=items.head[::-1] if items.middle is not None else (),
        kind="iterator",
        turns=(),
    )


@native("builtins.sorted")
def _sorted(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items = items_or_unknown(machine, first_of(machine, given), place)
    known = items.known
    if not known:
        return containers.new_list(machine, items, place)
    numbers = [each for each in items.head if isinstance(each, Number) and isinstance(each.exact, int | float)]
    if items.exact and len(numbers) == len(items.head) and not given.keywords:
        ordered = sorted(numbers, key=lambda each: float(each.value or 0))
        return containers.new_list(machine, Sequence(tuple(ordered)), place)
    each = known[0]
    for other in known[1:8]:
        each = join(each, other)
    return containers.new_list(machine, Sequence((each,) * len(known)) if items.exact else Sequence(middle=each), place)


@native("builtins.map")
def _map(machine: Machine, given: Arguments, place: Place | None) -> Value:
    function = first_of(machine, given)
    columns = [items_or_unknown(machine, each.value, place) for each in given.positional[1:]]
    if len(columns) != 1:
        return Sequence(middle=machine.unknown("map over several sequences", place), endless=True)

    def one(item: Value) -> Value:
        return machine.call(function, arguments(item), place)

    items = columns[0]
    middle = None if items.middle is None else one(items.middle)
    return evolve(items, head=tuple(map(one, items.head)), middle=middle, tail=tuple(map(one, items.tail)), turns=())


@native("builtins.filter")
def _filter(machine: Machine, given: Arguments, place: Place | None) -> Value:
    function = first_of(machine, given)
    second = nth(machine, given, 1) or machine.nothing
    if isinstance(second, Parameters):
        chosen = iterators.chosen(machine, second, lambda each: _passes(machine, function, each, place))
        return iterators.picked(machine, chosen, (second,), place)
    items = items_or_unknown(machine, second, place)
    kept: list[Value] = []
    for item in items.head:
        answer = None if isinstance(function, Nothing) else _passes(machine, function, item, place)
        if answer is None:
            return Sequence(middle=item, kind="iterator")
        if answer:
            kept.append(item)
    return evolve(items, head=tuple(kept), kind="iterator", turns=(), count=None)


def _passes(machine: Machine, test: Value, item: Value, place: Place | None) -> bool | None:
    return truth.decide(machine, machine.call(test, arguments(item), place))


@native("builtins.next")
def _next(machine: Machine, given: Arguments, place: Place | None) -> Value:
    first = first_of(machine, given)
    if isinstance(first, Object):
        method = machine.attribute(first, "__next__", place)
        if not isinstance(method, Unknown):
            return machine.call(method, arguments(), place)
    items = containers.items_of(machine, first)
    if items is None or not items.known:
        return machine.unknown("the next item of something that was not followed", place, first)
    return items.known[0] if items.head else _drawn(items.known[0], place)


def _drawn(value: Value, place: Place | None) -> Value:
    """One of the items that a value stands for: the next one may be another."""
    if isinstance(value, Sequence):
        return evolve(value, head=tuple(_drawn(each, place) for each in value.head))
    return containers.one_of_many(value, place)


@native("builtins.sum")
def _sum(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return machine.split(first_of(machine, given), lambda one: _summed(machine, one, given, place))


def _summed(machine: Machine, first: Value, given: Arguments, place: Place | None) -> Value:
    if isinstance(first, Tensor) and nth(machine, given, 1, "start") is None:
        bound: dict[str, Value] = {"input": first, "axis": number(0)}
        return PRIMITIVES["reduce"](Use(machine, "sum", bound, place, {"kind": "sum"}, op="reduce"))
    items = items_or_unknown(machine, first, place)
    total = nth(machine, given, 1, "start")
    known = list(items.known)
    if total is None:
        total = known.pop(0) if known and not isinstance(known[0], Number) else number(0)
    for each in known:
        total = binary(machine, "+", total, each, place or Place("", 0, 0))
    if isinstance(total, Number) and known:
        return _of_many(items, total, place)
    return total


def _of_many(items: Sequence, total: Number, place: Place | None) -> Number:
    """A sum of numbers: of how many is not known where there is a middle, and in its history are all of them."""
    origin = evolve(made("sum", place, *items.known), op=SUM)
    if items.middle is None:
        return evolve(total, origin=origin) if total.exact is None else total
    return Number(reductions.summed(total.range), integer=total.integer, origin=origin, taint=total.taint)


def _of_all(name: str, *, stop_on: bool) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        items = items_or_unknown(machine, first_of(machine, given), place)
        answer = Flag(None)
        if items.exact:
            answer = truth.combined([truth.flag(machine, each) for each in items.head], stop_on)
        settled = answer.truth is not None or answer.test is not None
        return answer if settled else Flag(None, answer.shipped, origin=Node(name, place, items.known))

    return run


REGISTRY["builtins.any"] = _of_all("any", stop_on=True)
REGISTRY["builtins.all"] = _of_all("all", stop_on=False)
