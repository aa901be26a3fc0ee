"""Functions that make or call functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import contexts
from trainlint.semantics.machine import Activation, Arguments, arguments
from trainlint.semantics.natives.registry import first_of, items_or_unknown, native, nth
from trainlint.semantics.values import (
    Function,
    Partial,
    Place,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


@native("functools.partial")
def _partial(machine: Machine, given: Arguments, place: Place | None) -> Value:
    if not given.positional or given.open:
        return machine.unknown("a partial that was not followed", place)
    return Partial(
        given.positional[0].value,
        tuple(each.value for each in given.positional[1:]),
        tuple((name, each.value) for name, each in given.keywords),
    )


@native("functools.reduce")
def _reduce(machine: Machine, given: Arguments, place: Place | None) -> Value:
    function = first_of(machine, given)
    items = items_or_unknown(machine, nth(machine, given, 1) or machine.nothing, place)
    known = list(items.known)
    start = nth(machine, given, 2)
    if start is None and not known:
        return machine.unknown("reduce over nothing", place)
    total = start if start is not None else known.pop(0)
    for each in known:
        total = machine.call(function, arguments(total, each), place)
    return total


@native("trainlint.first_kind")
def _first_kind(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """The class that the first argument of a function is annotated with; None for what is no such function."""
    function = first_of(machine, given)
    if not isinstance(function, Function) or not function.source.parameters:
        return machine.nothing
    annotation = function.source.parameters[0].annotation
    if annotation is None:
        return machine.nothing
    outer, at = machine.activation, function.place
    machine.activation = Activation(function.frame, at.path, at.segment, outer.site, captured=True)
    try:
        return machine.evaluate(annotation)
    finally:
        machine.activation = outer


@native("trainlint.enter")
def _enter(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return contexts.entered(machine, first_of(machine, given), place)


@native("trainlint.leave")
def _leave(machine: Machine, given: Arguments, place: Place | None) -> Value:
    contexts.left(machine, first_of(machine, given), place)
    return machine.nothing


@native("typing.cast")
def _cast(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return nth(machine, given, 1) or machine.nothing
