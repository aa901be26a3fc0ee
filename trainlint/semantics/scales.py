"""The scale of data: what each of its features fills."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import evolve

from trainlint.semantics import intervals
from trainlint.semantics.intervals import Interval
from trainlint.semantics.values import Nothing, Number, Scale, Tensor, Value
from trainlint.semantics.values import Sequence as Items

STANDARDISED = Scale((Interval(-3.0, 3.0),))  # nearly all of what has mean 0 and deviation 1
UNIT = Scale((intervals.UNIT,))
FRAME = "pandas.DataFrame"
PICTURE = "PIL.Image.Image"


def shifted(scale: Scale, offsets: Sequence[float], divisors: Sequence[float]) -> Scale | None:
    """The scale after an offset was subtracted from each feature and the rest divided by a number."""
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
    return Scale(features, raw=before.raw and features == before.features)


def written(holder: Tensor, part: Value) -> Scale | None:
    """The scale of an array after some of its elements were written."""
    if isinstance(part, Number):
        inside = holder.scale is not None and any(part.range.within(each) for each in holder.scale.features)
        return holder.scale if inside else None
    if not isinstance(part, Tensor) or holder.scale == part.scale:
        return holder.scale
    return part.scale if holder.scale is None and is_blank(holder) else None


def is_blank(value: Tensor) -> bool:
    """Whether an array was only allocated: what it holds will be overwritten."""
    return value.range.is_point or (value.origin is not None and value.origin.op == "constant")


def alike(parts: Sequence[Tensor]) -> Scale | None:
    """The scale that all of these share."""
    scales = {part.scale for part in parts}
    return scales.pop() if len(scales) == 1 else None


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
    if not isinstance(at, Items) or at.kind == "slice":
        return None if named and not isinstance(at, Tensor) else scale
    if named or not at.exact or len(at.head) != 2:
        return None
    columns = _columns(at.head[1], len(scale.features))
    return None if not columns else evolve(scale, features=tuple(scale.features[each] for each in columns))


def _columns(at: Value, count: int) -> list[int] | None:
    """The numbers of the columns that the last part of an index picks."""
    if isinstance(at, Number) and isinstance(at.exact, int) and -count <= at.exact < count:
        return [at.exact]
    if not isinstance(at, Items) or at.kind != "slice":
        return None
    ends = [each.exact if isinstance(each, Number) else None for each in at.head]
    if any(not isinstance(each, Number | Nothing) for each in at.head):
        return None
    return list(range(count))[slice(*(end if isinstance(end, int) else None for end in ends))]
