"""Functions of each element: ranges are mapped, contents recognised."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from trainlint.semantics import intervals, shapes
from trainlint.semantics.facts import Flattened
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import ANY, INFINITY, NON_NEGATIVE, OPEN_UNIT, UNIT, Interval
from trainlint.semantics.primitives.base import (
    EXPONENTIAL,
    EXPONENTIALS,
    KEEP_ALL,
    LOG_PROBABILITIES,
    MIXTURE,
    PROBABILITIES,
    SLIGHT,
    Use,
    inverted,
    lifted,
    make,
    primitive,
    tensor,
)
from trainlint.semantics.values import (
    Fact,
    Node,
    Nothing,
    Tensor,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    pass


_PARTS = frozenset({"index", "layout", "same", "return"})
_NEAR = 8


def _mapped(use: Use, transfer: Callable[[Interval], Interval], base: float | None = None, **settings: Any) -> Tensor:
    x, others = use.x, use.settings()
    reach = None if x.reach is None else transfer(x.reach)
    key = None if others is None else ("map", base, others)
    return make(use, x, range=transfer(x.range), reach=reach, shape=x.shape, key=key, **settings)


@primitive("relu", bends=True)
def relu(use: Use) -> Value:
    return _mapped(use, lambda a: intervals.clamp(a, 0.0, None))


@primitive("rectified", bends=True)
def rectified(use: Use) -> Value:
    """A ReLU that may leak below its threshold and be cut off above."""
    slope, threshold, most = use.constant("negative_slope"), use.constant("threshold"), use.get("max_value")
    if slope == threshold == 0 and isinstance(most, Nothing | None):
        return relu(use)
    top = use.constant("max_value")
    if slope is None or threshold != 0 or slope < 0 or (top is None and not isinstance(most, Nothing | None)):
        return make(use, use.x, shape=use.x.shape)

    def transfer(a: Interval) -> Interval:
        low = intervals.multiply(a, intervals.point(float(slope)))
        return Interval(
            low.lo if a.lo < 0 else a.lo,
            low.hi if a.hi < 0 else a.hi if top is None else min(a.hi, float(top)),
            a.lo_open and slope > 0,
            a.hi_open and (top is None or a.hi < top),
        )

    return _mapped(use, transfer)


@primitive("clamp", bends=True)
def clamp(use: Use) -> Value:
    x = use.x
    low, high = use.constant("min"), use.constant("max")

    def transfer(a: Interval) -> Interval:
        return intervals.clamp(a, low, high)

    if any(isinstance(use.get(role), Unknown | Tensor) for role in ("min", "max")):
        return make(use, x, shape=x.shape)
    after = transfer(x.range)
    slight = x.content in PROBABILITIES | LOG_PROBABILITIES and (low is None or low <= 0.01)
    keeps = ("range", "reach", "content", "data") if after == x.range or slight else ()
    facts = lifted(x) if high is None and low is not None and 0 < low <= SLIGHT else frozenset()
    scale = x.scale if after == x.range else None
    content, axis = (x.content, x.axis) if slight else ("", None)
    return _mapped(use, transfer, content=content, axis=axis, keeps=keeps, facts=facts, scale=scale)


@primitive("absolute", bends=True)
def absolute(use: Use) -> Value:
    return _mapped(use, intervals.absolute)


@primitive("square", bends=True)
def square(use: Use) -> Value:
    return _mapped(use, lambda a: intervals.power(a, 2))


@primitive("power", bends=True)
def power(use: Use) -> Value:
    x, exponent = use.x, use.constant("exponent")
    given = use.get("exponent")
    if x.range.is_point and x.range.lo > 1 and isinstance(given, Tensor):
        return _power_of(use, x.range.lo, given)
    if exponent is None:
        return make(use, x, shape=x.shape)
    if exponent == 2:
        return square(use)
    facts = inverted(x) if exponent == -1 else frozenset()
    return _mapped(use, lambda a: intervals.power(a, float(exponent)), facts=facts)


def _power_of(use: Use, base: float, exponent: Tensor) -> Value:
    """A power of a constant above one, which is an exponential."""
    plain = evolve(use, op="exp", bound={"input": exponent}, first="input", set={})
    if abs(base - math.e) < 1e-3:
        return exponential(plain)
    facts = _exponential_of(exponent)
    return _mapped(plain, lambda a: a.mapped(lambda x: base**x), base=base, facts=facts)


@primitive("root", bends=True)
def root(use: Use) -> Value:
    facts = frozenset(evolve(fact, kind="std") for fact in use.x.facts if fact.kind == "var")
    return _mapped(use, lambda a: intervals.power(a, 0.5), facts=facts)


@primitive("clipped_root", bends=True)
def clipped_root(use: Use) -> Value:
    """A square root that takes what is negative for zero."""
    positive = _mapped(use, lambda a: intervals.clamp(a, 0.0, None), facts=use.x.facts)
    return root(evolve(use, bound={use.first: positive}))


@primitive("negative")
def negative(use: Use) -> Value:
    return _mapped(use, intervals.negate)


def _exponential_of(x: Tensor) -> frozenset[Fact]:
    """The fact of an exponential, for ``x`` and for what it is a part of."""
    facts, steps = {Fact(EXPONENTIAL, x.number)}, 0
    while x.origin is not None and x.origin.op in _PARTS and steps < _NEAR:
        whole = x.origin.inputs[0]
        if not isinstance(whole, Tensor):
            break
        facts.add(Fact(EXPONENTIAL, whole.number))
        x, steps = whole, steps + 1
    return frozenset(facts)


@primitive("exp", bends=True)
def exponential(use: Use) -> Value:
    x = use.x
    if "base" in use.set:
        return _power_of(use, float(use.set["base"]), x)
    content = {"log-probabilities": "probabilities", "log-binary": "binary"}.get(x.content, "")
    facts = _exponential_of(x)
    if content:
        return make(use, x, range=UNIT, reach=None, content=content, axis=x.axis, shape=x.shape, key="exp", facts=facts)
    return _mapped(use, intervals.exponential, facts=facts)


@primitive("log", bends=True)
def logarithm(use: Use) -> Value:
    x = use.x
    content = {"probabilities": "log-probabilities", "binary": "log-binary"}.get(x.content, "")
    if content:
        range_ = Interval(-INFINITY, max(0.0, intervals.logarithm(x.range).hi))
        return make(use, x, range=range_, content=content, axis=x.axis, shape=x.shape, key="log", keeps=("content",))
    sums = frozenset(evolve(fact, kind="logsumexp") for fact in x.facts if fact.kind == EXPONENTIALS)
    return _mapped(use, intervals.logarithm, facts=sums)


@primitive("squash", bends=True)
def squash(use: Use) -> Value:
    """A function whose range the knowledge gives; it is filled if the argument fills the line.

    One that gives any number keeps the sign and, above zero, the element.
    """
    x = use.x
    low, high = (float(end) for end in use.set["range"])
    image = Interval(low, high, bool(use.set.get("open")) or low == -INFINITY, bool(use.set.get("open")))
    keeps = ("range", "reach") if image == ANY else ()
    reach = image if x.reach == ANY else None
    if image == ANY and x.reach is not None:
        reach = x.reach if x.reach in (ANY, NON_NEGATIVE) else None
        if x.range.lo >= 0:  # zero stays zero, and nothing grows
            range_ = x.range.hull(intervals.point(0.0))
            return make(use, x, range=range_, reach=reach, shape=x.shape, key="squash", keeps=("range", "reach"))
    return make(use, x, range=image, reach=reach, shape=x.shape, key="squash", keeps=keeps)


@primitive("softmax", bends=True)
def softmax(use: Use) -> Value:
    x = use.x
    axis = _positive_axis(use.axis(), x)
    _watch_units(use, x, axis, "1")
    return make(use, x, range=OPEN_UNIT, content="probabilities", axis=axis, shape=x.shape, key=("softmax", axis))


@primitive("log_softmax", bends=True)
def log_softmax(use: Use) -> Value:
    x = use.x
    axis = _positive_axis(use.axis(), x)
    _watch_units(use, x, axis, "0")
    below = Interval(-INFINITY, 0.0)
    return make(use, x, range=below, content="log-probabilities", axis=axis, shape=x.shape, key=("log_softmax", axis))


def _watch_units(use: Use, x: Tensor, axis: int | None, result: str) -> None:
    """Note a softmax over an axis of length 1; of how many axes there are, nothing may be known."""
    if axis is None or x.shape is None or use.place is None:
        return
    surely = shapes.length(x.shape, axis) == 1
    if surely or (axis == 1 and shapes.is_open(x.shape) and shapes.length(x.shape, -1) == 1):
        machine, state = use.machine, use.machine.now
        machine.facts.flattened.append(
            Flattened(
                use.label,
                result,
                x,
                surely,
                use.place,
                machine.activation.site,
                state.conditions,
                machine.assumed,
                state.exceptional,
            )
        )


def _positive_axis(axis: int | None, x: Tensor) -> int | None:
    if axis is not None and axis < 0 and x.shape is not None and not shapes.is_open(x.shape):
        return axis + len(x.shape)
    return axis


@primitive("same")
def same(use: Use) -> Value:
    """Everything is kept: identity, contiguous, dropout in evaluation."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return value if value is not None else use.machine.nothing
    return evolve(value, origin=Node(use.op, use.place, (value,), KEEP_ALL, label=use.label))


@primitive("without_nan")
def without_nan(use: Use) -> Value:
    """NaN and infinities give way to numbers."""
    replacement, value = use.constant("nan") or 0.0, use.bound.get(use.first)
    if not isinstance(value, Tensor) or value.range.holds(float(replacement)):
        return same(use)
    hull = value.range.hull(intervals.point(float(replacement)))
    return make(use, value, range=hull, reach=value.reach, content=value.content, axis=value.axis, shape=value.shape)


@primitive("dropout")
def dropout(use: Use) -> Value:
    """Zeros join the range; what is kept grows by 1/(1 - p)."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return use.machine.nothing if value is None else value
    x = use.x
    if x.range.lo < 0 < x.range.hi and not x.range.is_bounded:
        kept = same(use)
        assert isinstance(kept, Tensor)
        return evolve(kept, number=use.machine.fresh(), facts=kept.facts & {MIXTURE})  # other elements each time
    p = use.constant("p")
    scale = 1.0 / (1.0 - p) if p is not None and 0 <= p < 1 else INFINITY
    grown = intervals.multiply(x.range, Interval(0.0, scale))
    return evolve(
        make(
            use,
            x,
            range=grown,
            reach=x.reach,
            content=x.content,
            axis=x.axis,
            shape=x.shape,
            keeps=tuple(KEEP_ALL),
            scale=x.scale,
        )
    )


@primitive("threshold", bends=True)
def threshold(use: Use) -> Value:
    """Elements up to a threshold are replaced by a value."""
    low, value = use.constant("threshold"), use.constant("value")
    if low is None or value is None:
        return make(use, use.x, shape=use.x.shape)

    def transfer(a: Interval) -> Interval:
        kept, by = a.meet(Interval(float(low), INFINITY, True)), intervals.point(float(value))
        if kept is None:
            return by
        return kept.hull(by) if a.meet(Interval(-INFINITY, float(low))) is not None else kept

    return _mapped(use, transfer)


@primitive("rounded")
def rounded(use: Use) -> Value:
    """Whole numbers: the gradient ends here."""
    x = use.x
    result = make(use, x, range=intervals.whole(x.range), shape=x.shape, keeps=("range",))
    return evolve(result, live=frozenset(), cut=result.live | result.cut)


@primitive("extreme", bends=True)
def extreme(use: Use) -> Value:
    """The larger or smaller of two, element by element."""
    a, b = use.x, tensor(use.machine, use.get("other"))
    largest = use.set.get("pick") == "max"
    if b.range.is_point or a.range.is_point:
        other, bound = (a, b.range.lo) if b.range.is_point else (b, a.range.lo)
        low, high = (bound, None) if largest else (None, bound)
        reach = None if other.reach is None else intervals.clamp(other.reach, low, high)
        keeps = {"content": 0} if other is a else {"content": 1}
        range_ = intervals.clamp(other.range, low, high)
        content = other.content if range_ == other.range else ""
        facts = lifted(other) if largest and 0 < bound <= SLIGHT else frozenset()
        result = make(use, a, b, range=range_, reach=reach, content=content, shape=a.shape, facts=facts)
        assert result.origin is not None
        return evolve(result, origin=evolve(result.origin, carrier=keeps))
    pick = max if largest else min
    facts = frozenset(fact for fact in a.facts | b.facts if largest and fact.kind == "max")  # it is above both
    return make(
        use,
        a,
        b,
        range=Interval(pick(a.range.lo, b.range.lo), pick(a.range.hi, b.range.hi)),
        shape=a.shape,
        facts=facts,
    )
