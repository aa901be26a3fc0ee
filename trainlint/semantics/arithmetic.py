"""Operators: numbers, text, sequences and tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainlint.semantics import alternatives, containers, intervals, numeric, outside, scaling, tensors
from trainlint.semantics.derived import mapped
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import QUIET, arguments
from trainlint.semantics.primitives import elementwise
from trainlint.semantics.primitives.base import Use
from trainlint.semantics.values import (
    OUTSIDE,
    Choice,
    Flag,
    Library,
    Node,
    Nothing,
    Number,
    Object,
    Parameters,
    Place,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
    number,
    options,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_METHODS = {"+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__", "@": "__matmul__", "|": "__or__"}
_PLAIN = (Number, Tensor, Text, Flag, Unknown, Nothing)
NOTHING: frozenset[str] = frozenset()
QUIETLY = frozenset({QUIET})  # the methods of what is made of weights only read it


def binary(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value:
    """``left op right``."""
    if isinstance(left, Choice):
        return _each(machine, left, right, lambda one: binary(machine, op, one, right, place))
    if isinstance(right, Choice):
        return _each(machine, right, left, lambda one: binary(machine, op, left, one, place))
    left, right = _as_number(left), _as_number(right)
    if isinstance(left, Number) or isinstance(right, Number):
        left, right = outside.as_number(left), outside.as_number(right)
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        result = scaling.rescaled(machine, op, left, right, tensors.combined(machine, op, left, right, place))
        if machine.graph.applied:
            one, other = left, right
            machine.graph.note(
                machine,
                (one, other),
                result,
                lambda swap: binary(machine, op, swap(one), swap(other), place),
            )
        return result
    if isinstance(left, Number) and isinstance(right, Number):
        return numeric.combined(machine, op, left, right, place)
    if isinstance(left, Text) and op in ("+", "%", "*"):
        return _text(op, left, right)
    if isinstance(left, Parameters) and isinstance(right, Parameters):
        return Parameters(left.owners | right.owners, left.complete and right.complete, origin=left.origin)
    if op == "|" and containers.is_dict(left):
        merged = machine.call(Library("builtins.dict"), arguments(left), place)
        machine.method(merged, "update", arguments(right), place)
        return merged
    sequences = _sequences(machine, op, left, right, place)
    if sequences is not None:
        return sequences
    if isinstance(left, Object) and op in _METHODS:
        method = machine.attribute(left, _METHODS[op], place)
        if not isinstance(method, Unknown):
            return machine.call(method, arguments(right), place)
    first = left if isinstance(left, Unknown) else right
    why = f"{op} of values that were not followed"
    origin = Node(tensors.NAMES.get(op, "unknown"), place, (left, right), {"why": int(first is right)})
    weights = all(isinstance(each, Parameters | Number) or QUIET in each.taint for each in (left, right))
    return Unknown(why=why, origin=origin, taint=first.taint & OUTSIDE | (QUIETLY if weights else NOTHING))


def _each(machine: Machine, chosen: Choice, other: Value, act: Callable[[Value], Value]) -> Value:
    """Do ``act`` for each alternative of an operand; operators on numbers, texts and tensors change nothing."""
    plain = all(isinstance(each, _PLAIN) for value in (chosen, other) for _, each in options(value))
    if plain and not machine.graph.applied:
        return alternatives.computed(machine, chosen, act)
    return machine.split(chosen, act)


def _as_number(value: Value) -> Value:
    if isinstance(value, Flag):
        if value.truth is not None:
            return number(int(value.truth))
        shipped = None if value.shipped is None else int(value.shipped)
        return Number(intervals.UNIT, shipped, integer=True, origin=value.origin, taint=value.taint)
    return value


def unary(machine: Machine, op: str, operand: Value, place: Place) -> Value:
    """``op operand`` for - + ~."""
    if isinstance(operand, Choice):
        return machine.split(operand, lambda one: unary(machine, op, one, place))
    operand = _as_number(operand)
    if op == "+":
        return operand
    if isinstance(operand, Number):
        exact = operand.exact
        if exact is not None:
            if op == "-" and not isinstance(exact, complex):
                literal = operand.origin is not None and operand.origin.op == "literal"
                return number(-exact, Node("literal", place) if literal else operand.origin)
            return number(~exact) if isinstance(exact, int) else operand
        shipped = None if operand.shipped is None else -operand.shipped
        return mapped(operand, "-", place, intervals.negate(operand.range), shipped, integer=operand.integer)
    if isinstance(operand, Tensor) and op == "-":
        return elementwise.negative(Use(machine, "negation", {"input": operand}, place, op="negative"))
    if isinstance(operand, Tensor) and op == "~" and operand.dtype == "bool":
        inverted = Node("inverted", place, (operand,), label="~")
        return evolve(operand, number=machine.fresh(), buffer=machine.fresh(), base=0, origin=inverted)
    return machine.unknown(f"{op} of a value that was not followed", place, operand)


# Text and sequences ---------------------------------------------------------------------------------------------------


def _text(op: str, left: Text, right: Value) -> Value:
    if op == "+" and isinstance(right, Text):
        if left.text is not None and right.text is not None:
            return Text(left.text + right.text)
        if left.value is not None and right.value is not None:
            return Text(None, left.value + right.value, origin=left.origin, taint=left.taint | right.taint)
    if op == "%":
        return _interpolated(left, right)
    if op == "*" and left.text is not None and isinstance(right, Number) and isinstance(right.exact, int):
        return Text(left.text * min(right.exact, 1000))
    return Text(None)


def _interpolated(left: Text, right: Value) -> Text:
    """``"text" % values``, where all of them are known."""
    items = right.head if isinstance(right, Sequence) and right.exact else (right,)
    values = [each.text if isinstance(each, Text) else getattr(each, "exact", None) for each in items]
    if left.text is None or None in values or not all(isinstance(each, Text | Number) for each in items):
        return Text(None, taint=left.taint.union(*(each.taint for each in items)))
    try:
        return Text(left.text % tuple(values), origin=left.origin)
    except (TypeError, ValueError):
        return Text(None)


def _sequences(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value | None:
    if op == "*" and isinstance(left, Number):
        left, right = right, left
    is_list = containers.is_list(left)
    if not is_list and not isinstance(left, Sequence):
        return None
    first = containers.items_of(machine, left)
    if first is None:
        return None
    if op == "*" and isinstance(right, Number):
        count = right.value
        if isinstance(count, int) and first.exact and len(first.head) * count <= 1024:
            result = Sequence(first.head * count)
        elif first.known:
            result = Sequence(middle=containers.nth(machine, first, 0, None, place), symbol=Node("length", place))
        else:
            result = first
    elif op == "+":
        second = containers.items_of(machine, right)
        if second is None:
            second = Sequence(middle=machine.unknown("items of an unknown sequence", place))
        result = containers.concatenated(machine, first, second)
    else:
        return None
    return containers.new_list(machine, result, place) if is_list else evolve(result, kind="tuple")
