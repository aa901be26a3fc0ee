"""Operators on numbers: exact ones are computed, of others the range."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from trainlint.semantics import intervals
from trainlint.semantics.derived import made
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import ANY, INFINITY, Interval
from trainlint.semantics.primitives.base import Use, note_normalised
from trainlint.semantics.values import Number, Place, Tensor, Value, number

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_EXACT: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}
_TRANSFERS: dict[str, Callable[[Interval, Interval], Interval]] = {
    "+": intervals.add,
    "-": intervals.subtract,
    "*": intervals.multiply,
    "/": intervals.divide,
}
_STEPS = frozenset({"item", "one", "return", "/", "*"})  # from a number back to where it was taken
_NEAR = 6
SUM = "sum of items"  # the operation that adds up the numbers of a list
_LARGEST = 1 << 256


def combined(machine: Machine, op: str, left: Number, right: Number, place: Place) -> Value:
    """``left op right``."""
    if left.exact is not None and right.exact is not None:
        exact = _compute(op, left.exact, right.exact)
        return (
            machine.unknown("arithmetic that fails", place)
            if exact is None
            else number(exact, made(op, place, left, right))
        )
    a, b = left.range, right.range
    transfer = _TRANSFERS.get(op)
    range_ = _other_range(op, a, b) if transfer is None else transfer(a, b)
    shipped = None
    if left.value is not None and right.value is not None:
        shipped = _compute(op, left.value, right.value)
        shipped = None if isinstance(shipped, complex) else shipped
    integer = left.integer and right.integer and op != "/"
    size, below = left.size, left.below
    offset = right.exact if isinstance(right.exact, int) and op in ("+", "-") else None
    if offset is None:
        size = below = None
    else:
        offset = offset if op == "+" else -offset
        size = None if size is None else evolve(size, offset=size.offset + offset)
        below = None if below is None else evolve(below, offset=below.offset + offset)
    result = Number(
        range_,
        shipped,
        integer,
        size,
        below,
        taint=left.taint | right.taint,
        origin=made(op, place, left, right),
    )
    if op == "/":
        _note_exponentials(machine, left, right, result, place)
    return result


def _note_exponentials(machine: Machine, left: Number, right: Number, result: Number, place: Place) -> None:
    """Note a number that is an exponential over the sum of such exponentials of the items of one tensor."""
    total = right.origin
    if total is None or total.op != SUM:
        return
    source = _exponent_source(left)
    if source and any(_exponent_source(each) == source for each in total.inputs):
        note_normalised(Use(machine, "quotient", {}, place), result, left)


def _exponent_source(value: Value) -> int:
    """The number of the tensor of whose items an exponential is taken; 0 for anything else."""
    node = value.origin
    while node is not None and node.op in _STEPS and node.inputs:
        node = node.inputs[0].origin
    if node is None or node.op != "exp":
        return 0
    pending = node.inputs[0]
    for _ in range(_NEAR):
        if isinstance(pending, Tensor) and (pending.origin is None or pending.origin.op != "index"):
            return pending.number
        if pending.origin is None or not pending.origin.inputs or pending.origin.op not in _STEPS | {"index"}:
            return 0
        pending = pending.origin.inputs[0]
    return 0


def _compute(op: str, a: Any, b: Any) -> Any:
    if op in ("<<", "**") and isinstance(a, int) and (abs(b) > 512 or abs(a) > _LARGEST):
        return None
    if op in ("*",) and isinstance(a, int) and isinstance(b, int) and max(abs(a), abs(b)) > _LARGEST:
        return None
    try:
        result = _EXACT[op](a, b)
    except OverflowError:
        return INFINITY if op == "**" and a > 0 else None
    except (ArithmeticError, TypeError, ValueError, KeyError):
        return None
    return result if isinstance(result, int | float) else None


def _other_range(op: str, a: Interval, b: Interval) -> Interval:
    if op == "//":
        quotient = intervals.divide(a, b)
        return Interval(quotient.lo - 1 if quotient.lo > -INFINITY else quotient.lo, quotient.hi)
    if op == "%" and b.is_point and b.lo > 0:
        return Interval(0.0, b.lo, False, True)
    if op == "**" and b.is_point:
        return intervals.power(a, b.lo)
    if op == "**" and a.is_point and a.lo > 0:
        base = a.lo
        return b.mapped(lambda x: _power(base, x), falling=base < 1)
    return ANY


def _power(base: float, exponent: float) -> float:
    """The power of a positive base; what overflows is infinite."""
    try:
        return float(base**exponent)
    except OverflowError:
        return INFINITY
