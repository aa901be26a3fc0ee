"""Sums, means, extremes and norms over axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers, feeding, intervals
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import ANY, INFINITY, NON_NEGATIVE, Interval
from trainlint.semantics.primitives.base import (
    PROBABILITIES,
    Use,
    is_noise,
    make,
    primitive,
    sum_of,
    tensor,
)
from trainlint.semantics.primitives.elementwise import extreme
from trainlint.semantics.values import (
    Fact,
    Nothing,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
    number,
)

if TYPE_CHECKING:
    pass


MATMUL = feeding.MATMUL


@primitive("reduce")
def reduce(use: Use) -> Value:
    """Sums, means and extremes over some axes."""
    if isinstance(use.get("axis"), Tensor) and "axis" in use.roles:
        return extreme(evolve(use, set={"pick": use.set.get("kind")}, roles={"other": use.roles["axis"]}))
    x = use.x
    kind = use.set.get("kind", "mean")
    axis = use.axis()
    facts = sum_of(x, use.axes()) if kind == "sum" else frozenset({Fact(kind, x.number, use.axes())})
    range_, reach = x.range, None
    if kind in ("sum",):
        range_ = summed(x.range)
    if x.reach is not None and not x.reach.is_bounded:
        reach = _sums_reached(x.reach) if kind == "sum" else x.reach
    content, kept = "", None
    if kind == "mean" and x.content in PROBABILITIES and axis is not None and axis != x.axis:
        content, kept = x.content, x.axis
    elif kind in ("max", "min") and x.content in PROBABILITIES:
        content = "binary"  # each of them is the probability of something
    keeps = ("range", "reach", "live", "why") if kind != "sum" else ("live", "why")
    result = make(
        use, x, range=range_, reach=reach, content=content, axis=kept, key=(kind, use.axes()), facts=facts, keeps=keeps
    )
    if (
        kind in ("max", "min", "median")
        and not use.set.get("plain")
        and not isinstance(use.get("axis"), Nothing | None)
    ):
        return Sequence((evolve(result, content=x.content and "binary"), indices(use, x)), kind="tuple")
    return result


def summed(a: Interval) -> Interval:
    """Sums of one or more elements."""
    return Interval(
        -INFINITY if a.lo < 0 else a.lo,
        INFINITY if a.hi > 0 else a.hi,
        a.lo_open and a.lo >= 0,
        a.hi_open and a.hi <= 0,
    )


def _sums_reached(a: Interval) -> Interval | None:
    """Sums of an unknown number of elements go without end where the elements do; an end at zero stays."""
    return a if {a.lo, a.hi} <= {0.0, -INFINITY, INFINITY} else None


@primitive("running")
def running(use: Use) -> Value:
    """Sums or products of the first elements, or of all."""
    x = use.x
    if use.set.get("kind") == "sum":
        range_ = summed(x.range)
        return make(use, x, range=range_, reach=None if x.reach is None else _sums_reached(x.reach))
    range_ = ANY
    if x.range.lo >= 0:
        range_ = Interval(x.range.lo if x.range.lo >= 1 else 0.0, x.range.hi if x.range.hi <= 1 else INFINITY)
    elif x.range.within(Interval(-1.0, 1.0)):
        range_ = Interval(-1.0, 1.0)
    return make(use, x, range=range_)


@primitive("accumulated")
def accumulated(use: Use) -> Value:
    """Elements of another tensor are added in places, any number to each."""
    x, other = use.x, use.get("other")
    kind = use.get("reduce")
    if not isinstance(other, Tensor):
        return make(use, x, shape=x.shape)
    if isinstance(kind, Text) and kind.value in ("mean", "amax", "amin"):
        return make(use, x, other, range=x.range.hull(other.range), shape=x.shape)
    if isinstance(kind, Text) and kind.value != "sum":
        return make(use, x, other, shape=x.shape)
    scale = use.get("alpha")
    added = other.range if scale is None else intervals.multiply(other.range, tensor(use.machine, scale).range)
    many = Interval(-INFINITY if added.lo < 0 else 0.0, INFINITY if added.hi > 0 else 0.0)
    reach = None
    if x.range.is_point and other.reach is not None and not other.reach.is_bounded and scale is None:
        reach = intervals.add(x.range, other.reach)
    return make(use, x, other, range=intervals.add(x.range, many), reach=reach, shape=x.shape)


def indices(use: Use, x: Tensor) -> Tensor:
    """Whole numbers that say where in a tensor something is."""
    found = make(use, x, range=NON_NEGATIVE, content="index", dtype="int64")
    return evolve(found, live=frozenset(), cut=x.live | x.cut)


@primitive("arg")
def arg(use: Use) -> Value:
    return indices(use, use.x)


@primitive("spread", bends=True)
def spread(use: Use) -> Value:
    """Norms, standard deviations, variances, distances: never negative."""
    inputs = use.tensors() or [use.x]
    reach = NON_NEGATIVE if any(each.reach == ANY for each in inputs) else None
    kind, x = use.set.get("kind"), inputs[0]
    if kind == "norm" and x.range.lo >= 0 and use.constant("p") == 1:
        facts = sum_of(x, use.axes())
    else:
        facts = frozenset() if kind is None else frozenset({Fact(kind, x.number, use.axes())})
    return make(use, *inputs, range=NON_NEGATIVE, reach=reach, key=(kind, use.axes()) if kind else None, facts=facts)


@primitive("moments", bends=True)
def moments(use: Use) -> Value:
    """Mean and variance."""
    mean = reduce(evolve(use, set={"kind": "mean"}))
    return Sequence((mean, spread(evolve(use, set={"kind": "var"}))))


@primitive("log_sum_exp", bends=True)
def log_sum_exp(use: Use) -> Value:
    x = use.x
    axis = use.axis()
    facts = frozenset({Fact("logsumexp", x.number, None if axis is None else (axis,))})
    return make(use, x, range=ANY, reach=ANY if x.reach == ANY else None, key=("lse", axis), facts=facts)


@primitive("top")
def top(use: Use) -> Value:
    x = use.x
    return Sequence((make(use, x, range=x.range, reach=None, content=x.content and "binary"), indices(use, x)))


@primitive("product")
def product(use: Use) -> Value:
    """Matrix products: sums of products."""
    unseen = any(isinstance(each, Unknown) for each in use.bound.values())
    return _products(use, use.tensors(), unseen=unseen)


@primitive("einsum")
def einsum(use: Use) -> Value:
    operands = containers.items_of(use.machine, use.get("operands") or Sequence())
    known = operands.known if operands is not None else ()
    equation = use.get("equation")
    if equation is None and known and isinstance(known[0], Text):
        equation, known = known[0], known[1:]
    tensors = [each for each in known if isinstance(each, Tensor)]
    if len(known) == 1 and tensors and isinstance(equation, Text) and equation.text is not None:
        return _rearranged(use, tensors[0], equation.text)
    return _products(use, tensors, unseen=operands is None or len(tensors) < len(known))


def _rearranged(use: Use, x: Tensor, equation: str) -> Value:
    """An einsum of one tensor: letters that are left out are summed over."""
    before, arrow, after = equation.replace(" ", "").partition("->")
    left_out = tuple(index for index, letter in enumerate(before) if letter not in after)
    if not arrow or "." in equation or len(set(before)) < len(before):
        return make(use, x)
    if not left_out:
        return make(use, x, range=x.range, reach=x.reach, key="einsum")
    axes = {"axis": Sequence(tuple(map(number, left_out)))}
    return reduce(evolve(use, set={"kind": "sum"}, bound={"input": x, **axes}, roles={}, first="input"))


def _is_free(x: Tensor, others: list[Tensor]) -> bool:
    """Whether weights or noise that no other factor is known to depend on take ``x`` anywhere."""
    own = x.live | x.cut
    if x.reach != ANY or not own:
        return is_noise(x)
    return all(own.isdisjoint(other.live | other.cut) for other in others)


def _products(use: Use, inputs: list[Tensor], *, unseen: bool = False) -> Value:
    use = evolve(use, op=MATMUL)
    if any(each.scale is not None for each in inputs):
        feeding.multiplied(use.machine, use, inputs)
    filled = len(inputs) >= 2 and all(each.reach is not None and not each.reach.is_point for each in inputs)
    endless = any(
        each.reach is not None and each.reach.lo == -INFINITY and each.reach.hi == INFINITY for each in inputs
    )
    weighted = any(each.reach == ANY for each in inputs) and any(each.content in PROBABILITIES for each in inputs)
    free = any(_is_free(each, [other for other in inputs if other is not each]) for each in inputs)
    nothing = any(each.range == intervals.point(0.0) for each in inputs)
    reach = ANY if ((filled and endless) or weighted or free) and not nothing else None
    ones = [each for each in inputs if each.range == intervals.point(1.0)]
    if len(inputs) == 2 and len(ones) == 1 and not unseen:
        x = next(each for each in inputs if each is not ones[0])
        facts = sum_of(x)
        reach = None if x.reach is None else _sums_reached(x.reach)
        return make(use, *inputs, range=summed(x.range), reach=reach, facts=facts, key="sum")
    positive = bool(inputs) and not unseen and all(each.range.lo >= 0 for each in inputs)
    if positive and filled and any(each.reach is not None and each.reach.hi == INFINITY for each in inputs):
        reach = NON_NEGATIVE if any(each.reach is not None and each.reach.lo == 0 for each in inputs) else None
    return make(use, *inputs, range=NON_NEGATIVE if positive else ANY, reach=reach)
