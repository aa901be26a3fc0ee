"""The scale of data: what each of its features fills."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from trainlint.semantics import intervals
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.values import Nothing, Number, Scale, Tensor, Value
from trainlint.semantics.values import Sequence as Items

STANDARDISED = Scale((Interval(-3.0, 3.0),))  # nearly all of what has mean 0 and deviation 1
UNIT = Scale((intervals.UNIT,))
FRAME = "pandas.DataFrame"
SERIES = "pandas.Series"
BY_POSITION = "pandas.iloc"
BY_NAME = "pandas.loc"
NAMED = frozenset({FRAME, BY_NAME})  # whose columns are picked by name
PICTURE = "PIL.Image.Image"


def shifted(scale: Scale, offsets: Sequence[float], divisors: Sequence[float]) -> Scale | None:
    """The scale after an offset was subtracted from each feature and the rest divided by a number."""
    if scale.loose and max(len(offsets), len(divisors)) > 1:
        return None
    features = paired(scale.features, offsets, lambda a, c: intervals.subtract(a, intervals.point(c)))
    if features is None or 0.0 in divisors:
        return None
    features = paired(features, divisors, lambda a, c: intervals.divide(a, intervals.point(c)))
    return None if features is None else made(scale, features)


def paired(
    features: tuple[Interval, ...], constants: Sequence[float], transfer: Callable[[Interval, float], Interval]
) -> tuple[Interval, ...] | None:
    """Each feature with its constant; one of either goes with all of the other."""
    count = max(len(features), len(constants))
    if len(features) not in (1, count) or len(constants) not in (1, count):
        return None
    wide, many = features * (count // len(features)), tuple(constants) * (count // len(constants))
    made = tuple(transfer(a, c) for a, c in zip(wide, many, strict=True))
    return made[:1] if len(set(made)) == 1 else made


def made(before: Scale, features: tuple[Interval, ...]) -> Scale:
    """The scale of data that had ``before``: it is raw only as long as nothing has changed."""
    return Scale(features, raw=before.raw and features == before.features, loose=before.loose)


def written(holder: Tensor, part: Value, at: Value | None = None) -> Scale | None:
    """The scale of an array after some of its elements were written."""
    if isinstance(part, Number):
        inside = holder.scale is not None and any(part.range.within(each) for each in holder.scale.features)
        return holder.scale if inside else None
    if not isinstance(part, Tensor) or holder.scale == part.scale:
        return holder.scale
    if holder.scale is None or part.scale is None:
        return part.scale if holder.scale is None and is_blank(holder) else None
    return None if at is None else _overwritten(holder.scale, part.scale, at)


def _overwritten(scale: Scale, part: Scale, at: Value) -> Scale | None:
    """The scale of a table after whole columns were written."""
    whole = isinstance(at, Items) and at.kind == "tuple" and at.exact and len(at.head) == 2 and _is_whole(at.head[0])
    if not whole or not isinstance(at, Items) or scale.loose or part.loose or len(scale.features) == 1:
        return None
    columns = picked(at.head[1], len(scale.features))
    if not columns or len(part.features) not in (1, len(columns)):
        return None
    features = list(scale.features)
    for each, new in zip(columns, part.features * (len(columns) // len(part.features)), strict=True):
        features[each] = new
    return Scale(tuple(features[:1]) if len(set(features)) == 1 else tuple(features), scale.raw and part.raw)


def _is_whole(at: Value) -> bool:
    return isinstance(at, Items) and at.kind == "slice" and all(isinstance(each, Nothing) for each in at.head)


def is_blank(value: Tensor) -> bool:
    """Whether an array was only allocated: what it holds will be overwritten."""
    return value.range.is_point or (value.origin is not None and value.origin.op == "constant")


def alike(parts: Sequence[Tensor]) -> Scale | None:
    """The scale that all of these share."""
    scales = {part.scale for part in parts}
    return scales.pop() if len(scales) == 1 else None


def beside(parts: Sequence[tuple[Scale | None, int | None]]) -> Scale | None:
    """The scale of columns next to each other, from the scales of all parts and how many columns each of them has."""
    features: list[Interval] = []
    loose = False
    for scale, count in parts:
        if scale is None:
            return None
        known = count if len(scale.features) == 1 else len(scale.features)
        loose = loose or scale.loose or known is None
        features += scale.features if len(scale.features) > 1 else scale.features * (known or 1)
    if not features:
        return None
    raw = all(scale.raw for scale, _ in parts if scale is not None)
    if len(set(features)) == 1:
        return Scale(tuple(features[:1]), raw)
    return Scale(tuple(features), raw, loose)


def hull(scale: Scale) -> Interval:
    """What all features together fill."""
    whole = scale.features[0]
    for each in scale.features[1:]:
        whole = whole.hull(each)
    return whole


def selected(scale: Scale, at: Value, *, named: bool = False) -> Scale | None:
    """The scale of what an index picks: rows have that of the whole, of columns it must be known which ones they are.

    A single index picks rows, or columns where these are ``named``.
    """
    if not isinstance(at, Items) or at.kind not in INDICES:
        return None if named and not isinstance(at, Tensor) else scale
    if at.kind != "tuple":
        return scale if at.kind == "slice" or not named else None
    if named or scale.loose or not at.exact or len(at.head) != 2:
        return None
    columns = picked(at.head[1], len(scale.features))
    return None if not columns else evolve(scale, features=tuple(scale.features[each] for each in columns))


INDICES = frozenset({"slice", "tuple", "list"})


def picked(at: Value, count: int) -> list[int] | None:
    """The numbers of the columns that the last part of an index picks."""
    if isinstance(at, Number) and isinstance(at.exact, int) and -count <= at.exact < count:
        return [at.exact]
    if not isinstance(at, Items):
        return None
    if at.kind != "slice":
        numbers = [each.exact for each in at.head if isinstance(each, Number) and isinstance(each.exact, int)]
        inside = all(-count <= each < count for each in numbers)
        return numbers if at.exact and inside and len(numbers) == len(at.head) else None
    ends = [each.exact if isinstance(each, Number) else None for each in at.head]
    if any(not isinstance(each, Number | Nothing) for each in at.head):
        return None
    return list(range(count))[slice(*(end if isinstance(end, int) else None for end in ends))]
