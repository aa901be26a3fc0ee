"""Data on its way from the source to the network."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from trainlint.semantics import rows
from trainlint.semantics.evidence import SOURCE, history
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.values import Node, Scale, Tensor, Value

WIDEST = 10.0  # how far from zero values lie that need no scaling any more
NARROWEST = 0.03  # how wide a feature may be before there is nothing left of it: a thirtieth of [0, 1]
OFF_CENTRE = 10.0  # how many widths away from zero
FAR = 5.0  # from zero: beyond what is usual after scaling
FARTHEST = 100.0  # from zero: no network takes values like these by intention
UNDER = 0.4  # how far beyond 0 or 1 values lie that are not between them


@frozen(eq=False)
class Rescaling:
    """A step that brought data from one scale to another; an offset that is taken off first belongs to it."""

    before: Scale
    after: Scale
    node: Node

    @property
    def fitted(self) -> tuple[Value, ...]:
        """The data whose statistics this step used."""
        return tuple(rows.statistics(self.node))

    @property
    def label(self) -> str:
        return _NAMES.get(self.node.op, self.node.label)

    @property
    def is_shift(self) -> bool:
        pairs = _pairs(self.before, self.after)
        return all(abs(_width(b) - _width(a)) <= 1e-6 * (1 + _width(a)) for a, b in pairs)

    @property
    def is_needless(self) -> bool:
        """Whether it took values that needed no scaling to where nothing is left of them."""
        return max(map(_farthest, self.before.features)) <= WIDEST and is_lost(self.after)

    @property
    def is_blown_up(self) -> bool:
        """Whether it made values larger that were large already: its numbers are for values between 0 and 1."""
        if not all(_width(b) >= 1.5 * _width(a) for a, b in _pairs(self.before, self.after)):
            return False
        if self.node.op == "scaled":
            return any(each.lo < -UNDER or each.hi > 1 + UNDER for each in self.before.features)
        return self.node.op == "quotient" and is_far(self.before, FARTHEST)


_PICKING = frozenset({"index", "column", "table", "setitem", "concat", "beside"})  # the same numbers, but not all
_NAMES = {"quotient": "this division", "product": "this product", "difference": "this difference", "sum": "this sum"}


def _pairs(a: Scale, b: Scale) -> list[tuple[Interval, Interval]]:
    """The features of one scale with those of the other."""
    count = max(len(a.features), len(b.features))
    return list(zip(a.features * (count // len(a.features)), b.features * (count // len(b.features)), strict=False))


def _farthest(a: Interval) -> float:
    return max(abs(a.lo), abs(a.hi))


def _width(a: Interval) -> float:
    return a.hi - a.lo


def is_lost(scale: Scale) -> bool:
    """Whether every feature hardly differs from a constant, beside what the network starts with."""
    return all(
        _width(each) <= NARROWEST or min(abs(each.lo), abs(each.hi)) >= OFF_CENTRE * _width(each)
        for each in scale.features
    )


def is_far(scale: Scale, most: float = FAR) -> bool:
    """Whether some feature goes far beyond what weights begin with."""
    return max(map(_farthest, scale.features)) >= most


def source(value: Value) -> Node | None:
    """Where the data that a value was made from was read; None if that was not followed."""
    last = None
    for node in history(value, "data"):
        last = node
    return last if last is not None and last.op == SOURCE else None


def given(value: Value) -> Scale | None:
    """The scale that the data had at its source."""
    while isinstance(value, Tensor) and value.origin is not None:
        index = value.origin.carrier.get("data")
        if index is None or index >= len(value.origin.inputs):
            return value.scale
        value = value.origin.inputs[index]
    return None


def rescalings(value: Value) -> tuple[Rescaling, ...]:
    """The steps that changed the scale of data on the way to a value, in order."""
    found: list[Rescaling] = []
    for step in reversed(list(_steps(value))):
        if found and found[-1].is_shift and found[-1].node.op == "difference":
            step = evolve(step, before=found.pop().before)
        found.append(step)
    return tuple(found)


def _steps(value: Value) -> Iterator[Rescaling]:
    while isinstance(value, Tensor) and value.origin is not None:
        node = value.origin
        index = node.carrier.get("data")
        if index is None or index >= len(node.inputs):
            return
        before = node.inputs[index]
        if not isinstance(before, Tensor) or before.scale is None or value.scale is None:
            return
        if before.scale.features != value.scale.features and node.op not in _PICKING:
            yield Rescaling(before.scale, value.scale, node)
        value = before
