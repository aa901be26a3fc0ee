"""Conversions to numbers, functions of one number, and the smallest and largest of several."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from trainlint.semantics import containers, intervals, truth
from trainlint.semantics.arithmetic import binary
from trainlint.semantics.derived import decisive, made, mapped
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import INFINITY, Interval
from trainlint.semantics.machine import Arguments, PathEnds, arguments
from trainlint.semantics.natives.registry import REGISTRY, SCALAR, Native, first_of, native, nth
from trainlint.semantics.values import (
    Choice,
    Flag,
    Library,
    Node,
    Nothing,
    Number,
    Place,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
    number,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_FAILURES = (ArithmeticError, TypeError, ValueError)
_NOWHERE = Place("", 0, 0)


# Conversions ----------------------------------------------------------------------------------------------------------


def _converted(kind: Callable[..., Any], op: str, *, integer: bool) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        value = first_of(machine, given)
        if isinstance(value, Choice):
            rest = given.positional[1:]
            return machine.split(value, lambda one: run(machine, _with_first(one, rest), place))
        if isinstance(value, Flag) and value.truth is not None:
            value = number(int(value.truth), value.origin)
        extra = [each.value.exact if isinstance(each.value, Number) else None for each in given.positional[1:]]
        if isinstance(value, Number):
            return _of_number(value, kind, op, place, extra, integer=integer)
        if isinstance(value, Text):
            return _of_text(value, kind, op, place, extra, integer=integer)
        if isinstance(value, Tensor):
            if value.live or value.cut:
                machine.facts.read.append(value)
            return Number(value.range, integer=integer, origin=Node("item", place, (value,), {"range": 0}, op))
        if isinstance(value, Nothing) and given.positional:
            raise PathEnds
        if isinstance(value, Unknown) and value.taint & {"user", "file"}:
            return Number(intervals.ANY, integer=integer, origin=made(op, place, value), taint=value.taint)
        return number(kind()) if not given.positional else _lost(machine, value, place)

    return run


def _with_first(value: Value, rest: tuple[Any, ...]) -> Arguments:
    first = arguments(value)
    return evolve(first, positional=(*first.positional, *rest))


def _lost(machine: Machine, value: Value, place: Place | None) -> Value:
    return machine.unknown("a number from something that was not followed", place, value)


def _of_number(
    value: Number, kind: Callable[..., Any], op: str, place: Place | None, extra: list[Any], *, integer: bool
) -> Value:
    digits = extra[0] if extra and op == "round" else None
    integer = integer and not (op == "round" and extra)
    if value.exact is not None:
        try:
            return number(kind(value.exact, *extra) if op == "round" else kind(value.exact), made(op, place, value))
        except _FAILURES:
            return value
    if op == "float":
        if not value.integer and not isinstance(value.shipped, int):
            return evolve(value, origin=made(op, place, value))
        shipped = None if value.shipped is None else float(value.shipped)
        return evolve(value, integer=False, shipped=shipped, origin=made(op, place, value))
    if value.integer:
        return value
    shipped = _applied(lambda x: kind(x, *extra) if op == "round" else kind(x), value.shipped)
    range_ = value.range
    if op == "round" and isinstance(digits, int) and range_.is_bounded:
        range_ = Interval(round(range_.lo, digits), round(range_.hi, digits))
    else:
        range_ = _whole(range_, round if op == "round" else int)
    return mapped(value, op, place, range_, shipped, integer=integer)


def _whole(range_: Interval, kind: Callable[[float], int]) -> Interval:
    lo = float(kind(range_.lo)) if range_.lo > -INFINITY else range_.lo
    hi = float(kind(range_.hi)) if range_.hi < INFINITY else range_.hi
    return Interval(lo, hi)


def _of_text(
    value: Text, kind: Callable[..., Any], op: str, place: Place | None, extra: list[Any], *, integer: bool
) -> Value:
    if op == "round":
        raise PathEnds
    if value.text is not None:
        try:
            return number(kind(value.text, *extra), made(op, place, value))
        except _FAILURES:
            raise PathEnds from None
    shipped = _applied(lambda text: kind(text, *extra), value.shipped)
    return Number(intervals.ANY, shipped, integer, origin=made(op, place, value), taint=value.taint)


def _applied(function: Callable[[Any], Any], value: Any) -> Any:
    try:
        return None if value is None else function(value)
    except _FAILURES:
        return None


REGISTRY["builtins.int"] = _converted(int, "int", integer=True)
REGISTRY["builtins.float"] = _converted(float, "float", integer=False)
REGISTRY["builtins.round"] = _converted(round, "round", integer=True)
REGISTRY["decimal.Decimal"] = REGISTRY["fractions.Fraction"] = REGISTRY["builtins.float"]
for _name in ("float16", "float32", "float64", "half", "single", "double", "float_", "longdouble"):
    SCALAR[f"numpy.{_name}"] = REGISTRY["builtins.float"]
for _name in ("int8", "int16", "int32", "int64", "uint8", "intp", "int_"):
    SCALAR[f"numpy.{_name}"] = REGISTRY["builtins.int"]
SCALAR["numpy.round"] = SCALAR["numpy.around"] = REGISTRY["builtins.round"]


@native("float.item", "float.conjugate")
def _item(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return first_of(machine, given)


@native("float.is_integer")
def _is_integer(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value = first_of(machine, given)
    known = isinstance(value, Number) and isinstance(value.exact, int | float)
    return Flag(float(value.exact).is_integer() if known else None)  # type: ignore[union-attr, arg-type]


@native("builtins.bool")
def _bool(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return truth.flag(machine, first_of(machine, given))


# Functions of one number ----------------------------------------------------------------------------------------------


@native("builtins.abs")
def _abs(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value = first_of(machine, given)
    if isinstance(value, Choice):
        return machine.split(value, lambda one: _abs(machine, arguments(one), place))
    if isinstance(value, Tensor):
        return machine.call(Library("torch.abs"), given, place)
    if isinstance(value, Number):
        if value.exact is not None:
            return number(abs(value.exact), made("abs", place, value))
        shipped = _applied(abs, value.shipped)
        return mapped(value, "abs", place, intervals.absolute(value.range), shipped, integer=value.integer)
    return machine.unknown("abs", place, value)


def _of_math(
    name: str, function: Callable[..., Any], transfer: Callable[[Interval], Interval] | None, *, integer: bool = False
) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        value = first_of(machine, given)
        if isinstance(value, Choice):
            rest = given.positional[1:]
            return machine.split(value, lambda one: run(machine, _with_first(one, rest), place))
        if isinstance(value, Tensor):
            value = Number(value.range, origin=Node("item", place, (value,), {"range": 0}))
        if isinstance(value, Unknown):  # whatever it is, a number comes of it
            value = Number(intervals.ANY, origin=value.origin, taint=value.taint)
        if not isinstance(value, Number):
            return machine.unknown("arithmetic of a value that was not followed", place, value)
        others = [each.value for each in given.positional[1:]]
        extra = [each.value for each in others if isinstance(each, Number) and each.value is not None]
        shipped = _applied(lambda x: function(x, *extra), value.value) if len(extra) == len(others) else None
        exact = value.exact is not None and all(isinstance(each, Number) and each.exact is not None for each in others)
        if exact and shipped is not None:
            return number(shipped, made(name, place, value, *others))
        range_ = intervals.ANY if transfer is None or others else transfer(value.range)
        result = mapped(value, name, place, range_, shipped, integer=integer)
        return evolve(result, exact=None, origin=made(name, place, value, *others))

    return run


def _step(kind: Callable[[float], int]) -> Callable[[Interval], Interval]:
    return lambda range_: _whole(range_, kind)


_UNIT = Interval(-1.0, 1.0)
for _name, _function, _transfer in (
    ("sqrt", math.sqrt, lambda a: intervals.power(a, 0.5)),
    ("exp", math.exp, intervals.exponential),
    ("expm1", math.expm1, None),
    ("log", math.log, intervals.logarithm),
    ("log2", math.log2, None),
    ("log10", math.log10, None),
    ("log1p", math.log1p, None),
    ("fabs", math.fabs, intervals.absolute),
    ("tanh", math.tanh, lambda a: _UNIT),
    ("cos", math.cos, lambda a: _UNIT),
    ("sin", math.sin, lambda a: _UNIT),
    ("tan", math.tan, None),
    ("atan", math.atan, lambda a: Interval(-1.6, 1.6)),
    ("radians", math.radians, None),
    ("degrees", math.degrees, None),
):
    REGISTRY[f"math.{_name}"] = SCALAR[f"numpy.{_name}"] = _of_math(_name, _function, _transfer)
for _name, _rounding in (("floor", math.floor), ("ceil", math.ceil), ("trunc", math.trunc)):
    REGISTRY[f"math.{_name}"] = _of_math(_name, _rounding, _step(_rounding), integer=True)
    SCALAR[f"numpy.{_name}"] = REGISTRY[f"math.{_name}"]
SCALAR["numpy.abs"] = SCALAR["numpy.absolute"] = REGISTRY["builtins.abs"]


def _tested(name: str, function: Callable[[float], bool]) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        value = first_of(machine, given)
        answer = None
        if isinstance(value, Number) and isinstance(value.value, int | float):
            answer = function(value.value)
            if value.exact is not None:
                return Flag(answer)
        return Flag(None, answer, origin=Node(name, place, (value,)))

    return run


for _name, _test in (("isnan", math.isnan), ("isinf", math.isinf), ("isfinite", math.isfinite)):
    REGISTRY[f"math.{_name}"] = SCALAR[f"numpy.{_name}"] = _tested(_name, _test)


# Functions of several -------------------------------------------------------------------------------------------------


def _operation(op: str) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        if len(given.positional) < 2:
            return machine.unknown(f"{op} of one value", place)
        left, right = (machine.narrow(each.value) for each in given.positional[:2])
        return binary(machine, op, left, right, place or _NOWHERE)

    return run


for _name, _op in (
    ("add", "+"),
    ("sub", "-"),
    ("mul", "*"),
    ("truediv", "/"),
    ("floordiv", "//"),
    ("mod", "%"),
    ("pow", "**"),
    ("matmul", "@"),
    ("or_", "|"),
    ("and_", "&"),
):
    REGISTRY[f"operator.{_name}"] = REGISTRY[f"operator.__{_name.rstrip('_')}__"] = _operation(_op)
REGISTRY["builtins.pow"] = REGISTRY["math.pow"] = _operation("**")
REGISTRY["math.fmod"] = _operation("%")
for _name, _op in (("power", "**"), ("multiply", "*"), ("add", "+"), ("subtract", "-"), ("divide", "/")):
    SCALAR[f"numpy.{_name}"] = _operation(_op)


@native("builtins.divmod")
def _divmod(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Sequence((_operation("//")(machine, given, place), _operation("%")(machine, given, place)))


@native("math.prod")
def _prod(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items = containers.items_of(machine, first_of(machine, given))
    if items is None or not items.exact:
        return machine.unknown("a product of items that were not followed", place)
    total: Value = nth(machine, given, 1, "start") or number(1)
    for each in items.head:
        total = binary(machine, "*", total, each, place or _NOWHERE)
    return total


@native("statistics.mean", "statistics.fmean")
def _mean(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items = containers.items_of(machine, first_of(machine, given))
    if items is None or not items.exact or not items.head:
        return machine.unknown("a mean of items that were not followed", place)
    total: Value = number(0)
    for each in items.head:
        total = binary(machine, "+", total, each, place or _NOWHERE)
    return binary(machine, "/", total, number(len(items.head)), place or _NOWHERE)


def _extreme(pick: Callable[..., Any]) -> Native:
    name = pick.__name__

    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        values = [machine.narrow(each.value) for each in given.positional]
        if len(values) == 1:
            items = containers.items_of(machine, values[0])
            values = list(items.known) if items is not None else []
        for index, each in enumerate(values):
            if isinstance(each, Choice) and given.keyword("key") is None:

                def one(option: Value, index: int = index) -> Value:
                    return run(machine, arguments(*values[:index], option, *values[index + 1 :]), place)

                return machine.split(each, one)
        numbers = [each for each in values if isinstance(each, Number)]
        if not numbers or len(numbers) < len(values) or given.keyword("key") is not None:
            return machine.unknown("min or max of values that were not followed", place, *values[:1])
        return _picked(numbers, pick, name, place)

    return run


def _picked(numbers: list[Number], pick: Callable[..., Any], name: str, place: Place | None) -> Number:
    known = [each.value for each in numbers]
    default = None if None in known else pick(known)
    alike = [index for index, each in enumerate(known) if each == default and default is not None]
    alike.sort(key=lambda index: not numbers[index].taint)  # of equal ones, what somebody may set
    chosen = alike[0] if alike else decisive(place, tuple(numbers))
    origin = Node(name, place, tuple(numbers), {"number": chosen})
    if default is not None and all(isinstance(each.exact, int | float) for each in numbers):
        return number(default, origin)
    lo, lo_open = pick((each.range.lo, each.range.lo_open) for each in numbers)
    hi, hi_closed = pick((each.range.hi, not each.range.hi_open) for each in numbers)
    range_ = Interval(lo, hi, lo_open, not hi_closed)
    integer = all(each.integer for each in numbers)
    taint = frozenset[str]().union(*(each.taint for each in numbers))
    return Number(range_, default, integer, origin=origin, taint=taint)


REGISTRY["builtins.min"] = _extreme(min)
REGISTRY["builtins.max"] = _extreme(max)
SCALAR["numpy.minimum"] = SCALAR["numpy.fmin"] = REGISTRY["builtins.min"]
SCALAR["numpy.maximum"] = SCALAR["numpy.fmax"] = REGISTRY["builtins.max"]


def _clip(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value = first_of(machine, given)
    low = nth(machine, given, 1, "min") or given.keyword("a_min")
    high = nth(machine, given, 2, "max") or given.keyword("a_max")
    if low is not None and not isinstance(low, Nothing):
        value = REGISTRY["builtins.max"](machine, arguments(value, low), place)
    if high is not None and not isinstance(high, Nothing):
        value = REGISTRY["builtins.min"](machine, arguments(value, high), place)
    return value


SCALAR["numpy.clip"] = SCALAR["torch.clamp"] = SCALAR["torch.clip"] = _clip


@native("random.uniform")
def _uniform(machine: Machine, given: Arguments, place: Place | None) -> Value:
    low, high = nth(machine, given, 0, "a"), nth(machine, given, 1, "b")
    if not isinstance(low, Number) or not isinstance(high, Number):
        return machine.unknown("a random number", place)
    return Number(low.range.hull(high.range), origin=made("random", place, low, high), taint=frozenset({"random"}))


@native("random.random")
def _random(machine: Machine, given: Arguments, place: Place | None) -> Value:
    origin = Node("random", place)
    return Number(Interval(0.0, 1.0, hi_open=True), origin=origin, taint=frozenset({"random"}))


_SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}


def _comparison(sign: str) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        left, right = (machine.narrow(each.value) for each in given.positional[:2])
        return truth.compare(machine, sign, left, right, place or _NOWHERE)

    return run


for _name, _sign in _SIGNS.items():
    REGISTRY[f"operator.{_name}"] = _comparison(_sign)
