"""What stubs say of values that no Python text can make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from trainlint.semantics import containers, intervals
from trainlint.semantics.machine import Arguments
from trainlint.semantics.natives.registry import first_of, native
from trainlint.semantics.values import (
    Flag,
    Node,
    Number,
    Object,
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


@native("trainlint.anything")
def _anything(machine: Machine, given: Arguments, place: Place | None) -> Value:
    reason = first_of(machine, given)
    return machine.unknown(reason.text or "" if isinstance(reason, Text) else "anything", place)


@native("trainlint.count")
def _count(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """How many there are of something, whatever that is."""
    return Number(intervals.NON_NEGATIVE, integer=True, origin=Node("count", place))


@native("trainlint.endless")
def _endless(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Sequence(middle=first_of(machine, given), kind="iterator", endless=True)


@native("trainlint.numbered")
def _numbered(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """The numbers of the epochs of a training: from 0 on, nobody knows how far."""
    turns = (number(0), number(1))
    middle = Number(intervals.NON_NEGATIVE, integer=True, origin=Node("count", place))
    return Sequence(middle=middle, kind="iterator", turns=turns, endless=True)


@native("trainlint.batched")
def _batched(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """What the default collate function makes of a sample: every tensor gets a batch axis."""
    return _collated(machine, first_of(machine, given), place)


def _collated(machine: Machine, value: Value, place: Place | None) -> Value:
    if isinstance(value, Tensor):
        shape = None if value.shape is None else (None, *value.shape)
        axis = value.axis + 1 if value.axis is not None and value.axis >= 0 else value.axis
        return evolve(value, shape=shape, axis=axis)
    if isinstance(value, Sequence):
        return evolve(value, head=tuple(_collated(machine, each, place) for each in value.head))
    if isinstance(value, Number):
        return Tensor(range=value.range, shape=(None,), number=machine.fresh(), origin=value.origin)
    if isinstance(value, Object) and containers.is_dict(value):
        mapping = containers.mapping_of(machine, value)
        if mapping is not None:
            pairs = tuple((key, _collated(machine, each, place)) for key, each in mapping.items)
            return containers.new_dict(machine, pairs, mapping.rest, place)
    return value


@native("trainlint.is_followed")
def _is_followed(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Flag(not isinstance(first_of(machine, given), Unknown))


@native("trainlint.backward")
def _backward(machine: Machine, given: Arguments, place: Place | None) -> Value:
    from trainlint.semantics.libraries import objective

    value = first_of(machine, given)
    if place is not None:
        for _, option in options(value):
            mapping = containers.mapping_of(machine, option)
            if mapping is not None:
                option = next((each for key, each in mapping.items if key == Text("loss")), machine.nothing)
            objective(machine, option, place)
    return machine.nothing
