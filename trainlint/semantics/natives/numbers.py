"""Conversions to numbers, and functions of one number."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from attrs import evolve

from trainlint.semantics import intervals, truth
from trainlint.semantics.intervals import Interval
from trainlint.semantics.machine import Arguments, PathEnds, arguments
from trainlint.semantics.natives.registry import REGISTRY, Native, first_of, native
from trainlint.semantics.values import (
    Choice,
    Flag,
    Library,
    Node,
    Number,
    Place,
    Tensor,
    Text,
    Value,
    number,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


def _converted(kind: Callable[[Any], Any], *, integer: bool) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        value = first_of(machine, given)
        if isinstance(value, Flag) and value.truth is not None:
            value = number(int(value.truth))
        if isinstance(value, Number):
            if value.exact is not None and not isinstance(value.exact, complex):
                try:
                    return number(kind(value.exact), value.origin)
                except (OverflowError, ValueError):
                    return value
            shipped = value.shipped
            try:
                shipped = None if shipped is None else kind(shipped)
            except (OverflowError, ValueError):
                shipped = None
            return evolve(value, integer=integer or value.integer, shipped=shipped)
        if isinstance(value, Text) and value.text is not None:
            try:
                return number(kind(value.text))
            except ValueError:
                raise PathEnds from None
        if isinstance(value, Tensor):
            return Number(value.range, integer=integer, origin=Node("item", place, (value,), {"range": 0}))
        if isinstance(value, Choice):
            return machine.split(value, lambda one: run(machine, arguments(one), place))
        return machine.unknown("a number from something that was not followed", place, value)

    return run


REGISTRY["builtins.int"] = _converted(int, integer=True)
REGISTRY["builtins.float"] = _converted(float, integer=False)
REGISTRY["builtins.round"] = _converted(round, integer=True)


@native("builtins.abs")
def _abs(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value = first_of(machine, given)
    if isinstance(value, Tensor):
        return machine.call(Library("torch.abs"), given, place)
    if isinstance(value, Number):
        if value.exact is not None:
            return number(abs(value.exact))
        return evolve(value, range=intervals.absolute(value.range), size=None, below=None)
    return machine.unknown("abs", place, value)


@native("builtins.bool")
def _bool(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return truth.flag(machine, first_of(machine, given))


def _of_math(function: Callable[[float], float], transfer: Callable[[Interval], Interval] | None) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        value = first_of(machine, given)
        if isinstance(value, Number):
            known = value.exact if value.exact is not None else value.shipped
            result = None
            if isinstance(known, int | float):
                try:
                    result = function(known)
                except (ValueError, OverflowError):
                    result = None
            if value.exact is not None and result is not None and len(given.positional) == 1:
                return number(result)
            range_ = intervals.ANY if transfer is None or len(given.positional) > 1 else transfer(value.range)
            return Number(range_, None if len(given.positional) > 1 else result, origin=value.origin)
        return machine.unknown("arithmetic of a value that was not followed", place, value)

    return run


for _name, _function, _transfer in (
    ("sqrt", math.sqrt, lambda a: intervals.power(a, 0.5)),
    ("exp", math.exp, intervals.exponential),
    ("log", math.log, intervals.logarithm),
    ("log2", math.log2, None),
    ("log10", math.log10, None),
    ("floor", math.floor, None),
    ("ceil", math.ceil, None),
    ("cos", math.cos, lambda a: Interval(-1.0, 1.0)),
    ("sin", math.sin, lambda a: Interval(-1.0, 1.0)),
):
    REGISTRY[f"math.{_name}"] = _of_math(_function, _transfer)
