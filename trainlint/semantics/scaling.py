"""What arithmetic makes of the scale of data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from trainlint.semantics import containers, intervals, scales, tables
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.values import Node, Nothing, Number, Object, Scale, Sequence, Tensor, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_TRANSFERS: Mapping[str, Callable[[Interval, Interval], Interval]] = {
    "+": intervals.add,
    "-": intervals.subtract,
    "*": intervals.multiply,
    "/": intervals.divide,
}
_PASSING = frozenset({"layout", "same", "return", "convert"})
MOST_CONSTANTS = 64
_WITHIN_ONE = Scale((Interval(-1.0, 1.0),))


def rescaled(machine: Machine, op: str, left: Value, right: Value, result: Value) -> Value:
    """``result`` of arithmetic, with what is known of its scale if an operand is data."""
    if not isinstance(result, Tensor) or result.origin is None:
        return result
    for index, (data, other) in enumerate(((left, right), (right, left))):
        if not isinstance(data, Tensor) or data.scale is None:
            continue
        scale = _computed(machine, op, data.scale, other, reversed_=index == 1)
        if scale is not None:
            origin = result.origin
            made = evolve(result, scale=scale, origin=evolve(origin, carrier={**origin.carrier, "data": index}))
            return made if data.columns is None else tables.renewed(made, data.columns)
    return result


def _computed(machine: Machine, op: str, scale: Scale, other: Value, *, reversed_: bool) -> Scale | None:
    numbers = constants(machine, other)
    transfer = _TRANSFERS.get(op)
    if transfer is None:
        return None
    if numbers is not None and (op != "/" or (not reversed_ and 0.0 not in numbers)):

        def one(a: Interval, c: float) -> Interval:
            return transfer(intervals.point(c), a) if reversed_ else transfer(a, intervals.point(c))

        features = None if scale.loose and len(numbers) > 1 else scales.paired(scale.features, numbers, one)
        return None if features is None else scales.made(scale, features)
    if isinstance(other, Tensor) and not reversed_:
        return _by_statistic(op, scale, other)
    return None


def _is_widened(node: Node) -> bool:
    """Whether an index only adds axes: ``x[:, None]``."""
    if node.op != "index" or len(node.inputs) != 2:
        return False
    at = node.inputs[1]
    parts = at.head if isinstance(at, Sequence) and at.kind != "slice" else (at,)
    return all(
        isinstance(each, Nothing)
        or (isinstance(each, Sequence) and each.kind == "slice" and all(isinstance(end, Nothing) for end in each.head))
        for each in parts
    )


def _by_statistic(op: str, scale: Scale, other: Tensor) -> Scale | None:
    """The scale after a statistic of the data, or of other data of its kind, was taken off or divided by."""
    kinds = {fact.kind for fact in other.facts}
    if op == "-" and "mean" in kinds:
        halves = tuple((each.hi - each.lo) / 2 for each in scale.features)
        return Scale(tuple(Interval(-half, half) for half in halves), loose=scale.loose)
    if op == "-" and "min" in kinds:
        return Scale(tuple(Interval(0.0, each.hi - each.lo) for each in scale.features), loose=scale.loose)
    if op == "/" and is_spread(other):
        return scales.STANDARDISED
    if op == "/" and _is_extent(other):
        return _WITHIN_ONE if any(each.lo < 0 for each in scale.features) else scales.UNIT
    if op == "/" and "max" in kinds and all(each.lo >= 0 for each in scale.features):
        return scales.UNIT
    return None


def _is_extent(value: Tensor) -> bool:
    """Whether a tensor is the largest element less the smallest, perhaps with a small number added."""
    node = value.origin
    while node is not None and node.op in ("sum", *_PASSING) and node.inputs:
        node = node.inputs[0].origin
    if node is None or node.op != "difference" or len(node.inputs) != 2:
        return False
    return all(
        isinstance(each, Tensor) and any(fact.kind == kind for fact in each.facts)
        for each, kind in zip(node.inputs, ("max", "min"), strict=True)
    )


def is_spread(value: Tensor) -> bool:
    """Whether a tensor is a standard deviation, perhaps with a small number added."""
    node = value.origin
    while node is not None and node.inputs:
        if node.op == "spread":
            return True
        if node.op not in _PASSING and node.op not in ("sum", "extreme", "clamp"):
            return False
        node = node.inputs[0].origin
    return node is not None and node.op == "spread"


def constants(machine: Machine, value: Value | None) -> tuple[float, ...] | None:
    """The numbers of a scalar, or of a short vector that the program writes out."""
    if isinstance(value, Number):
        known = value.value
        return None if known is None or not math.isfinite(known) else (float(known),)
    if isinstance(value, Tensor):
        node = value.origin
        while node is not None and node.inputs and (node.op in _PASSING or _is_widened(node)):
            if isinstance(node.inputs[0], Sequence):
                return constants(machine, node.inputs[0])
            node = node.inputs[0].origin
        return None
    items = containers.items_of(machine, value) if isinstance(value, Sequence | Object) else None
    if items is None or not items.exact or not 0 < len(items.head) <= MOST_CONSTANTS:
        return None
    found = [constants(machine, each) for each in items.head]
    if any(each is None or len(each) != 1 for each in found):
        return None
    return tuple(each[0] for each in found if each is not None)
