"""Functions that make or call functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers, contexts, recording
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import Arguments, arguments
from trainlint.semantics.natives.registry import first_of, items_or_unknown, native, nth
from trainlint.semantics.values import (
    Bound,
    Function,
    Library,
    Object,
    ObjectId,
    Partial,
    Place,
    Value,
)
from trainlint.syntax import tree

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


@native("functools.partialmethod")
def _partial_method(machine: Machine, given: Arguments, place: Place | None) -> Value:
    made = _partial(machine, given, place)
    return evolve(made, bound=True) if isinstance(made, Partial) else made


@native("trainlint.asked_for")
def _asked_for(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """The class that a function says its first argument is of."""
    function = first_of(machine, given)
    first = next(iter(function.source.parameters), None) if isinstance(function, Function) else None
    if not isinstance(function, Function) or first is None or not isinstance(first.annotation, tree.Name):
        return machine.unknown("a class that is not told", place)
    frame: ObjectId | None = function.frame
    while frame is not None:
        held = machine.heap.get(frame, first.annotation.id)
        if held is not None:
            return held
        frame = machine.frames[frame].outer
    member = machine.program.member(machine, function.module, first.annotation.id)
    return Library(f"builtins.{first.annotation.id}") if member is None else member


@native("trainlint.entered")
def _entered(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Enter a context manager, and put what is to be called at its end into a list."""
    value, later = (each.value for each in given.positional[:2])
    made = contexts.generator(value)
    if made is not None:
        containers.append(machine, later, Partial(Library("trainlint.left"), (value,), ()))
        return contexts.begun(machine, made, place)
    leave = machine.attribute(value, "__exit__", place) if isinstance(value, Object) else machine.nothing
    if isinstance(leave, Bound) and isinstance(leave.function, Function):
        containers.append(machine, later, Partial(leave, (machine.nothing,) * 3, ()))
    elif not isinstance(value, Object) or not isinstance(value.cls, Library):
        recording.unfollowed(machine, value, (value,), place)
    return contexts.entered(machine, value, place)


@native("trainlint.left")
def _left(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Leave a context manager that is a generator."""
    made = contexts.generator(first_of(machine, given))
    if made is not None:
        contexts.ended(machine, made, place)
    return machine.nothing


@native("typing.cast")
def _cast(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return nth(machine, given, 1) or machine.nothing
