"""Shapes: the lengths of a tensor's axes, as far as they are known.

A shape is None where nothing is known. One that begins with an ellipsis has any number of axes before those that are
listed: a linear layer says how long its last axis is, whatever goes into it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import EllipsisType

from attrs import frozen

Shape = tuple[int | EllipsisType | None, ...]


def is_open(shape: Shape) -> bool:
    """Whether there may be more axes than those that are listed."""
    return bool(shape) and shape[0] is Ellipsis


def length(shape: Shape | None, axis: int) -> int | None:
    """How long an axis is; axes are counted from the front, or with negative numbers from the back."""
    if shape is None:
        return None
    listed = shape[1:] if is_open(shape) else shape
    if (is_open(shape) and axis >= 0) or not -len(listed) <= axis < len(listed):
        return None
    found = listed[axis]
    return found if isinstance(found, int) else None


def with_last(shape: Shape | None, last: int | None) -> Shape:
    """The same axes, but the last as long as this."""
    return (..., last) if shape is None or not shape else (*shape[:-1], last)


def with_more(shape: Shape | None, last: int | None) -> Shape:
    """The same axes and one more behind them."""
    return (..., last) if shape is None else (*shape, last)


def spatial(shape: Shape | None, last: int | None, window: Window | None = None) -> Shape:
    """The axes of a batch of images or series whose extent has changed: the first and the last stay.

    With a window that moves over them it is known how many places it finds.
    """
    if shape is None or is_open(shape) or len(shape) < 2:
        return (..., last)
    extents: tuple[int | None, ...] = (None,) * (len(shape) - 2)
    if window is not None:
        extents = tuple(window.places(length(shape, axis), axis - 1) for axis in range(1, len(shape) - 1))
    return (shape[0], *extents, last)


@frozen
class Window:
    """What moves over images or series: how wide it is on each axis, and how far it moves; ``padded`` to each end."""

    sizes: tuple[int, ...]
    steps: tuple[int, ...]
    padded: bool

    def places(self, extent: int | None, axis: int) -> int | None:
        """In how many places it lies along an axis."""
        size, step = (each[axis] if axis < len(each) else each[-1] for each in (self.sizes, self.steps))
        if extent is None or step <= 0:
            return None
        room = extent if self.padded else extent - size + 1
        return -(-room // step) if room > 0 else None


def flattened(shape: Shape | None) -> Shape:
    """A batch of rows."""
    if shape is None or is_open(shape) or not shape:
        return (None, None)
    sizes = [each for each in shape[1:] if isinstance(each, int)]
    return (shape[0], math.prod(sizes) if len(sizes) == len(shape) - 1 else None)


def indexed(shape: Shape | None, parts: Sequence[object]) -> Shape | None:
    """What indexing leaves of the axes.

    A part is a whole number, a slice, None for a new axis, an ellipsis, or the shape of an index for each of its
    elements; of any other the axes that it makes are not known, nor those of two indices.
    """
    used = sum(part is not None and part is not ... for part in parts)
    if shape is None or is_open(shape) or used > len(shape) or sum(isinstance(part, tuple) for part in parts) > 1:
        return None
    left, axes = list(shape), list[int | EllipsisType | None]()
    for place, part in enumerate(parts):
        if part is None:
            axes.append(1)
        elif part is ...:
            behind = sum(each is not None for each in parts[place + 1 :])
            axes += left[: len(left) - behind]
            del left[: len(left) - behind]
        elif isinstance(part, int):
            left.pop(0)
        elif isinstance(part, slice):
            axis = left.pop(0)
            axes.append(len(range(axis)[part]) if isinstance(axis, int) else None)
        elif isinstance(part, tuple):
            left.pop(0)
            axes += part
        else:
            return None
    return (*axes, *left)


def merged(a: Shape | None, b: Shape | None) -> Shape | None:
    """What is true of both shapes."""
    if a is None or b is None:
        return None
    if len(a) == len(b) and is_open(a) == is_open(b):
        return tuple(x if x == y else None for x, y in zip(a, b, strict=True))
    last, other = length(a, -1), length(b, -1)
    return (..., last) if last is not None and last == other else None


def without(shape: Shape | None, axis: float | None) -> Shape | None:
    """The same axes but one, if that is known to be of length 1."""
    if shape is None or is_open(shape) or axis is None or length(shape, int(axis)) != 1:
        return None
    at = int(axis) % len(shape)
    return (*shape[:at], *shape[at + 1 :])


def with_new(shape: Shape | None, axis: float | None) -> Shape | None:
    """The same axes and one of length 1 among them."""
    if axis == -1:
        return with_more(shape, 1)
    if shape is None or is_open(shape) or axis is None:
        return None
    at = int(axis) if axis >= 0 else len(shape) + 1 + int(axis)
    return (*shape[:at], 1, *shape[at:])
