"""What stubs say of values that no Python text can make."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Map
from typing import TYPE_CHECKING, Any

from trainlint.semantics import attributes, containers, intervals, recording
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import Arguments
from trainlint.semantics.natives.registry import first_of, native, nth
from trainlint.semantics.primitives import Use
from trainlint.semantics.primitives.selection import rows
from trainlint.semantics.rows import EACH, NUMBERS, SPLIT
from trainlint.semantics.values import (
    Class,
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


Change = Callable[[Tensor | Unknown], Value]


@native("trainlint.anything")
def _anything(machine: Machine, given: Arguments, place: Place | None) -> Value:
    reason = first_of(machine, given)
    return machine.unknown(reason.text or "" if isinstance(reason, Text) else "anything", place)


@native("trainlint.states")
def _states(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``states(keywords, name)``: whether an argument was surely given under a name."""
    mapping, name = containers.mapping_of(machine, first_of(machine, given)), nth(machine, given, 1)
    return Flag(mapping is not None and any(key == name for key, _ in mapping.items))


@native("trainlint.count")
def _count(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """How many there are of something, whatever that is."""
    return Number(intervals.NON_NEGATIVE, integer=True, origin=Node("count", place))


@native("trainlint.endless")
def _endless(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Sequence(middle=first_of(machine, given), kind="iterator", endless=True)


@native("trainlint.numbered")
def _numbered(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``numbered(count)``: the numbers of the epochs of a training, from 0 on."""
    return _epochs(first_of(machine, given), place, (number(0), number(1)))


@native("trainlint.once")
def _once(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``once(count)``: the same where all epochs are alike, so that one is enough to look at."""
    return _epochs(first_of(machine, given), place, (number(0),))


def _epochs(count: Value, place: Place | None, turns: tuple[Number, ...]) -> Sequence:
    middle = Number(intervals.NON_NEGATIVE, integer=True, origin=Node("count", place))
    return Sequence(middle=middle, kind="range", turns=turns, endless=True, count=count)


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


def _changed(machine: Machine, value: Value, place: Place | None, change: Change) -> Value | None:
    """Every array in tuples and dictionaries changed; None for what holds none."""
    if isinstance(value, Tensor | Unknown):
        return change(value)
    if isinstance(value, Sequence):
        return evolve(value, head=tuple(_changed(machine, each, place, change) or each for each in value.head))
    if isinstance(value, Object) and containers.is_dict(value):
        mapping = containers.mapping_of(machine, value)
        if mapping is not None:
            pairs = tuple((key, _changed(machine, each, place, change) or each) for key, each in mapping.items)
            return containers.new_dict(machine, pairs, mapping.rest, place)
    return None


@native("trainlint.every")
def _every(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """The number of a row that stands for all of them, one after the other."""
    return Unknown(why="the number of a row", origin=Node(EACH, place))


@native("trainlint.one_of")
def _one_of(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``one_of(value)``: a row of every array in it, which stands for all of them."""
    value = first_of(machine, given)
    each = Unknown(why="the number of a row", origin=Node(EACH, place))

    def row(one: Tensor | Unknown) -> Value:
        if isinstance(one, Unknown):
            return one if one.origin is None else evolve(one, origin=Node("one", place, (one, each), {"why": 0}))
        return evolve(rows(machine, one, each, place), shape=None if one.shape is None else one.shape[1:])

    return _taken(machine, value, place, row)


@native("trainlint.part_of")
def _part_of(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``part_of(value, cut, number)``: the rows of every array in it that are one part of what a split makes."""
    cut, which = nth(machine, given, 1), nth(machine, given, 2)
    assert cut is not None and which is not None

    def part(one: Tensor | Unknown) -> Value:
        if isinstance(one, Unknown):
            return one if one.origin is None else evolve(one, origin=Node(SPLIT, place, (one, cut, which), {"why": 0}))
        made = rows(machine, one, cut, place)
        assert made.origin is not None
        shape = None if one.shape is None else (None, *one.shape[1:])
        return evolve(made, shape=shape, base=0, origin=evolve(made.origin, op=SPLIT, inputs=(one, cut, which)))

    return _taken(machine, first_of(machine, given), place, part)


def _taken(machine: Machine, value: Value, place: Place | None, change: Change) -> Value:
    made = _changed(machine, value, place, change)
    return machine.unknown("rows of something that was not followed", place, value) if made is None else made


@native("trainlint.row_numbers")
def _row_numbers(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """The numbers of the rows of some data, each of them once."""
    return Unknown(why="the numbers of rows", origin=Node(NUMBERS, place))


@native("trainlint.of_library")
def _of_library(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``of_library(value, name)``: every array in it as a tensor of a library."""
    name, value = nth(machine, given, 1), first_of(machine, given)
    assert isinstance(name, Text) and name.text is not None
    library = name.text

    def converted(one: Tensor | Unknown) -> Value:
        if isinstance(one, Unknown) or one.library == library:
            return one
        return evolve(one, library=library, buffer=machine.fresh(), base=0)

    return _changed(machine, value, place, converted) or value


@native("trainlint.rescaled")
def _rescaled(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``rescaled(owner, data, factor)``: multiplied, which happens where the owner was made."""
    return _prepared(machine, given, "rescale", {"offset": 0.0}, {"scale": nth(machine, given, 2)})


@native("trainlint.normalized")
def _normalized(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``normalized(owner, image, mean, std, largest)``, which happens where the owner was made."""
    others = {"mean": nth(machine, given, 2), "std": nth(machine, given, 3), "largest": nth(machine, given, 4)}
    return _prepared(machine, given, "normalize", {}, others)


@native("trainlint.standardised")
def _standardised(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``standardised(owner, data)``: by statistics, which happens where the owner was made."""
    return _prepared(machine, given, "standardise", {}, {})


def _prepared(
    machine: Machine, given: Arguments, op: str, settings: Map[str, Any], others: Map[str, Value | None]
) -> Value:
    owner, value = first_of(machine, given), nth(machine, given, 1) or machine.nothing
    place = owner.id.place if isinstance(owner, Object) else None
    label = owner.cls.name if isinstance(owner, Object) and isinstance(owner.cls, Class) else op
    bound = {"input": value, **{name: each for name, each in others.items() if each is not None}}
    from trainlint.semantics.libraries import primitive

    return primitive(machine, Use(machine, label, bound, place, settings, op=op))


@native("trainlint.is_stream")
def _is_stream(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Whether a value gives batches one after the other, instead of being one."""
    value = first_of(machine, given)
    if isinstance(value, Object) and not containers.is_list(value) and not containers.is_dict(value):
        asked = (attributes.has(machine, value, name) for name in ("__iter__", "__next__", "__getitem__"))
        return Flag(any(each.truth for each in asked))
    return Flag(isinstance(value, Sequence) and value.kind == "iterator")


@native("trainlint.is_followed")
def _is_followed(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Flag(not isinstance(first_of(machine, given), Unknown))


@native("trainlint.unscaled")
def _unscaled(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``unscaled(optimizer)``: its gradients were divided by the factor of a scaler that nobody sees."""
    recording.unscaled(machine, first_of(machine, given), None, place)
    return machine.nothing


@native("trainlint.backward")
def _backward(machine: Machine, given: Arguments, place: Place | None) -> Value:
    from trainlint.semantics.libraries import objective

    value = first_of(machine, given)
    if place is not None:
        for _, option in options(value):
            mapping = containers.mapping_of(machine, option)
            if mapping is not None:
                option = next((each for key, each in mapping.items if key == Text("loss")), machine.nothing)
            if machine.inside == 0 or machine.graph.find(option) is None:  # a layer will be called again with data
                objective(machine, option, place)
    return machine.nothing
