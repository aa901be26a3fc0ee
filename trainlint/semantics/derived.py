"""Values that come from values: computed ones, with the operand that explains them, and what others may set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers, intervals
from trainlint.semantics.evidence import is_hidden
from trainlint.semantics.heap import ITEMS
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.values import (
    USER,
    Choice,
    Condition,
    Flag,
    Library,
    Mapping,
    Node,
    Nothing,
    Number,
    Object,
    Place,
    Sequence,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_DEEPEST = 6

FURTHEST = 32  # steps that the search for a maker goes back
_OUTSIDE = ("user", "file")


def made(op: str, place: Place | None, *inputs: Value, label: str = "") -> Node:
    """The step that computed a number, carrying on the history of the operand that was configured."""
    return Node(op, place, inputs, {"number": decisive(place, inputs)} if inputs else {}, label)


def decisive(place: Place | None, inputs: tuple[Value, ...]) -> int:
    """The operand that was set from outside; else the one that was written farthest from here."""
    for taint in _OUTSIDE:
        for index, each in enumerate(inputs):
            if taint in each.taint:
                return index
    open_ones = [index for index, each in enumerate(inputs) if isinstance(each, Number) and each.exact is None]
    if open_ones and len(open_ones) < len(inputs):
        return open_ones[0]
    distances = [_distance(place, each) for each in inputs]
    return distances.index(max(distances))


def _distance(place: Place | None, value: Value) -> int:
    node = value.origin
    for _ in range(FURTHEST):
        if node is None:
            return -1
        carrier = node.carrier.get("number")
        if carrier is None or carrier >= len(node.inputs):
            break
        node = node.inputs[carrier].origin
    if node is None or node.place is None or place is None or is_hidden(node.place):
        return -1
    if (node.place.path, node.place.segment) != (place.path, place.segment):
        return 1 << 30
    away = abs(node.place.at - place.at)
    return away if away > 8 else 0


def mapped(
    value: Number,
    op: str,
    place: Place | None,
    range_: Interval,
    shipped: float | int | None,
    *,
    integer: bool = False,
    label: str = "",
) -> Number:
    """A number computed from one other that is not known exactly."""
    origin = made(op, place, value, label=label)
    return evolve(value, range=range_, shipped=shipped, integer=integer, size=None, below=None, origin=origin)


# Settings -------------------------------------------------------------------------------------------------------------


def setting(default: Value, label: str, place: Place | None) -> Node:
    """The step at which somebody may set another value: explained by its default, if a program says one."""
    where = default.origin.place if default.origin is not None else None
    shown = where is not None and not is_hidden(where)
    return Node("user", place, (default,), {"number": 0} if shown else {}, label)


def opened(
    machine: Machine, value: Value, label: str, place: Place | None, taint: frozenset[str] = USER, depth: int = 0
) -> Value:
    """What ``value`` can be if somebody may set another one: it is only what ships."""
    origin = setting(value, label, place)
    if isinstance(value, Number):
        return Number(intervals.ANY, value.value, value.integer, origin=origin, taint=taint | value.taint)
    if isinstance(value, Text):
        return Text(None, value.value, origin=origin, taint=taint | value.taint)
    if isinstance(value, Flag):
        ships = value.truth if value.truth is not None else value.shipped
        asked = Condition(origin, "true", None, True, ships, label)
        return Flag(None, ships, asked, origin=origin, taint=taint)
    if isinstance(value, Nothing):
        other = Unknown(why=f"{label or 'an option'} is not given by default", origin=origin, taint=taint)
        return or_none(other, origin, label)
    if isinstance(value, Unknown):
        return evolve(value, taint=value.taint | taint)
    if depth == _DEEPEST:
        return machine.unknown("settings that are nested too deep", place)
    return _opened_parts(machine, value, label, place, taint, depth + 1)


def _opened_parts(
    machine: Machine, value: Value, label: str, place: Place | None, taint: frozenset[str], depth: int
) -> Value:
    if isinstance(value, Choice):
        ways = [(path, opened(machine, each, label, place, taint, depth)) for path, each in value.options]
        return evolve(value, options=tuple(ways))
    if isinstance(value, Sequence) and value.exact:
        return evolve(value, head=tuple(opened(machine, each, label, place, taint, depth) for each in value.head))
    if isinstance(value, Object) and isinstance(value.cls, Library) and containers.is_list(value):
        items = containers.items_of(machine, value)
        if items is not None and items.exact:
            head = tuple(opened(machine, each, label, place, taint, depth) for each in items.head)
            return containers.new_list(machine, Sequence(head), place)
    if isinstance(value, Object) and containers.is_dict(value):
        mapping = containers.mapping_of(machine, value)
        if mapping is not None:
            pairs = []
            for key, each in mapping.items:
                name = key.text if isinstance(key, Text) and key.text else ""
                inner = f"{label}.{name}" if label and name else label or name
                pairs.append((key, opened(machine, each, inner, place, taint, depth)))
            changed = Mapping(tuple(pairs), Unknown(why="an entry that is not there by default", taint=taint))
            if not isinstance(value.cls, Library):
                machine.heap.set(value.id, ITEMS, changed)
                return value
            return containers.new_dict(machine, changed.items, changed.rest, place)
    return value


def or_none(other: Value, origin: Node, label: str) -> Choice:
    """None unless somebody gives the option; then ``other``."""
    missing = Condition(origin, "is None", None, True, True, label)
    return Choice((((missing,), Nothing()), ((evolve(missing, holds=False),), other)))


def bounded(value: Value, within: Interval) -> Value:
    """A value that was checked to lie in an interval; a default outside of it stays possible."""
    if isinstance(value, Choice):
        return evolve(value, options=tuple((path, bounded(each, within)) for path, each in value.options))
    if not isinstance(value, Number) or value.exact is not None:
        return value
    left = value.range.meet(within) or within
    if value.shipped is not None and not left.holds(value.shipped):
        left = left.hull(intervals.point(float(value.shipped)))
    return evolve(value, range=left, origin=Node("bounded", None, (value,), {"number": 0}))
