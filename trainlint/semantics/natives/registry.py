"""The table of what is written in Python here, by qualified name, and how such a function reads its arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainlint.semantics import containers
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import Arguments
from trainlint.semantics.values import (
    Flag,
    Node,
    Nothing,
    Number,
    Place,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
    options,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


Native = Callable[["Machine", Arguments, "Place | None"], Value]
REGISTRY: dict[str, Native] = {}
SCALAR: dict[str, Native] = {}  # functions of arrays, for when they are given plain numbers


def native(*names: str) -> Callable[[Native], Native]:
    """Enter a function under the names that it stands for."""

    def register(function: Native) -> Native:
        for name in names:
            REGISTRY[name] = function
        return function

    return register


def is_scalar(given: Arguments) -> bool:
    """Whether all arguments of a call are plain numbers or settings, at least one a number."""
    kinds = [type(option) for value in given.values() for _, option in options(value)]
    return Number in kinds and all(kind in (Number, Flag, Nothing) for kind in kinds)


def first_of(machine: Machine, given: Arguments) -> Value:
    """The first argument as the present path sees it."""
    return machine.narrow(given.positional[0].value) if given.positional else machine.nothing


def nth(machine: Machine, given: Arguments, index: int, name: str | None = None) -> Value | None:
    """The argument at a position or, with a name, under that keyword."""
    if index < len(given.positional):
        return machine.narrow(given.positional[index].value)
    return None if name is None else given.keyword(name)


def items_or_unknown(machine: Machine, value: Value, place: Place | None) -> Sequence:
    """The items of a value; unknown ones where they were not followed."""
    sequence = containers.items_of(machine, value)
    if sequence is not None:
        return sequence
    origin = Node("items", place, (value,), {"why": 0})
    return Sequence(middle=Unknown(why="items that were not followed", origin=origin), endless=True)


def with_second(given: Arguments, second: Value) -> Arguments:
    """The same arguments with another second one."""
    positional = list(given.positional)
    positional[1] = evolve(positional[1], value=second)
    return evolve(given, positional=tuple(positional))


def sizes(machine: Machine, shape: Value) -> tuple[int | None, ...] | None:
    """A shape as plain numbers, None for a length that is not known; None for a shape that is not."""
    items = containers.items_of(machine, shape) if not isinstance(shape, Tensor) else None
    if isinstance(shape, Number) and isinstance(shape.value, int):
        return (shape.value,)
    if items is None or not items.exact:
        return None
    return tuple(
        each.value if isinstance(each, Number) and isinstance(each.value, int) else None for each in items.head
    )


def parts(machine: Machine, value: Value) -> dict[int | str, Value] | None:
    """The items of a list by position, or of a dictionary by name; None for anything else."""
    mapping = containers.mapping_of(machine, value) if containers.is_dict(value) else None
    if mapping is not None:
        return {key.text: each for key, each in mapping.items if isinstance(key, Text) and key.text is not None}
    items = containers.items_of(machine, value) if containers.is_list(value) or isinstance(value, Sequence) else None
    return None if items is None or not items.exact else dict(enumerate(items.head))
