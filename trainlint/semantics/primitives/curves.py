"""Functions of each element that rise or fall throughout, or dip once: what goes in decides exactly what comes out."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable

from attrs import frozen

from trainlint.semantics import intervals
from trainlint.semantics.intervals import ANY, INFINITY, NON_NEGATIVE, UNIT, Interval
from trainlint.semantics.primitives.base import Use, make, primitive
from trainlint.semantics.values import Value

_NORMAL = statistics.NormalDist()


@frozen
class Curve:
    """A function of one number: its limits on the left and right, and where it is lowest if that is in between."""

    function: Callable[..., float]
    left: float = -INFINITY
    right: float = INFINITY
    domain: Interval = ANY
    lowest_at: float | None = None

    def image(self, a: Interval, *settings: float) -> Interval:
        """All that comes out where ``a`` goes in; every number if nothing of ``a`` is allowed in."""
        allowed = a.meet(self.domain)
        if allowed is None:
            return ANY
        turn = self.lowest_at
        lo, hi = self._at(allowed.lo, settings), self._at(allowed.hi, settings)
        if turn is not None and allowed.lo < turn < allowed.hi:
            top, top_open = max((lo, allowed.lo_open), (hi, allowed.hi_open))
            return Interval(self._at(turn, settings), top, False, top_open)
        if lo > hi or (turn is not None and allowed.hi <= turn):
            return Interval(hi, lo, allowed.hi_open, allowed.lo_open)
        return Interval(lo, hi, allowed.lo_open, allowed.hi_open)

    def _at(self, x: float, settings: tuple[float, ...]) -> float:
        if x == self.domain.lo:
            return self.left
        if x == self.domain.hi:
            return self.right
        try:
            return self.function(x, *settings)
        except OverflowError:
            return self.right if x > 0 else self.left


def sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x > -700 else 0.0


def softplus(x: float, beta: float = 1.0) -> float:
    return x if beta * x > 30 else math.log1p(math.exp(beta * x)) / beta


def _hardswish(x: float) -> float:
    return x * min(max(x + 3.0, 0.0), 6.0) / 6.0


def _cdf(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def _selu(x: float) -> float:
    return 1.0507009873554805 * (x if x > 0 else 1.6732632423543773 * math.expm1(x))


_SIGNED_UNIT = Interval(-1.0, 1.0)
CURVES = {
    "tanh": Curve(math.tanh, -1.0, 1.0),
    "atan": Curve(math.atan, -math.pi / 2, math.pi / 2),
    "softsign": Curve(lambda x: x / (1.0 + abs(x)), -1.0, 1.0),
    "erf": Curve(math.erf, -1.0, 1.0),
    "erfc": Curve(math.erfc, 2.0, 0.0),
    "erfcx": Curve(lambda x: math.exp(x * x) * math.erfc(x) if x < 20 else 0.5 / x, INFINITY, 0.0),
    "erfinv": Curve(lambda x: _NORMAL.inv_cdf((x + 1.0) / 2.0) / math.sqrt(2.0), domain=_SIGNED_UNIT),
    "cdf": Curve(_cdf, 0.0, 1.0),
    "log_cdf": Curve(lambda x: math.log(_cdf(x)) if x > -30 else -0.5 * x * x - math.log(-3.0 * x), right=0.0),
    "inverse_cdf": Curve(_NORMAL.inv_cdf, domain=UNIT),
    "logit": Curve(lambda x: math.log(x / (1.0 - x)), domain=UNIT),
    "sinh": Curve(math.sinh),
    "asinh": Curve(math.asinh),
    "acosh": Curve(math.acosh, 0.0, domain=Interval(1.0, INFINITY)),
    "atanh": Curve(math.atanh, domain=_SIGNED_UNIT),
    "asin": Curve(math.asin, -math.pi / 2, math.pi / 2, _SIGNED_UNIT),
    "acos": Curve(math.acos, math.pi, 0.0, _SIGNED_UNIT),
    "cosh": Curve(math.cosh, INFINITY, lowest_at=0.0),
    "expm1": Curve(math.expm1, -1.0),
    "log1p": Curve(math.log1p, domain=Interval(-1.0, INFINITY)),
    "log2": Curve(math.log2, domain=NON_NEGATIVE),
    "log10": Curve(math.log10, domain=NON_NEGATIVE),
    "radians": Curve(math.radians),
    "degrees": Curve(math.degrees),
    "selu": Curve(_selu, -1.7580993408473768),
    "gelu": Curve(lambda x: -0.17004 if x == -0.7518 else x * _cdf(x), 0.0, lowest_at=-0.7518),
    "silu": Curve(lambda x: -0.27847 if x == -1.2785 else x * sigmoid(x), 0.0, lowest_at=-1.2785),
    "mish": Curve(lambda x: -0.30885 if x == -1.1924 else x * math.tanh(softplus(x)), 0.0, lowest_at=-1.1924),
    "hardswish": Curve(_hardswish, 0.0, lowest_at=-1.5),
}
_SIGMOID = Curve(sigmoid, 0.0, 1.0)
_LOG_SIGMOID = Curve(lambda x: -softplus(-x), right=0.0)


def _applied(use: Use, transfer: Callable[[Interval], Interval], content: str = "") -> Value:
    x = use.x
    image = transfer(x.range)
    keeps: tuple[str, ...] = ()
    if image == x.range:
        keeps = ("range", "reach")
    elif image.lo == x.range.lo == 0.0:
        keeps = ("range",)  # that nothing is negative was so before
    reach = None if x.reach is None else transfer(x.reach)
    settings = use.settings()
    key = None if settings is None else (use.label, settings)
    return make(use, x, range=image, reach=reach, content=content, shape=x.shape, key=key, keeps=keeps)


@primitive("curve", bends=True)
def curve(use: Use) -> Value:
    """One of the curves above, by name."""
    return _applied(use, CURVES[use.set["curve"]].image, use.set.get("content", ""))


@primitive("sigmoid", bends=True)
def logistic(use: Use) -> Value:
    if use.set.get("closed"):
        sixth = intervals.point(1.0 / 6.0)
        return _applied(
            use,
            lambda a: intervals.clamp(intervals.add(intervals.multiply(a, sixth), intervals.point(0.5)), 0.0, 1.0),
            "binary",
        )
    return _applied(use, _SIGMOID.image, "binary")


@primitive("log_sigmoid", bends=True)
def log_sigmoid(use: Use) -> Value:
    return _applied(use, _LOG_SIGMOID.image, "log-binary")


@primitive("softplus", bends=True)
def smooth_relu(use: Use) -> Value:
    beta = use.constant("beta")
    if beta is None or beta <= 0:
        return make(use, use.x, shape=use.x.shape)
    return _applied(use, lambda a: Curve(softplus, 0.0).image(a, float(beta)))


@primitive("elu", bends=True)
def elu(use: Use) -> Value:
    """A line above zero; below it bends towards ``-alpha``."""
    alpha = use.constant("alpha")
    if alpha is None or alpha <= 0:
        return _below(use)
    wide = float(alpha) if use.set.get("stretched") else 1.0
    bent = Curve(lambda x: x if x > 0 else alpha * math.expm1(x / wide), -float(alpha))
    return _applied(use, bent.image)


@primitive("leaky", bends=True)
def leaky(use: Use) -> Value:
    """A line above zero, another one with a smaller slope below."""
    slope = use.constant("slope")
    if slope is None or slope < 0:
        return _below(use)

    def transfer(a: Interval) -> Interval:
        lo, hi = (end if end >= 0 else end * slope if slope else 0.0 for end in (a.lo, a.hi))
        return Interval(lo, hi, a.lo_open and (a.lo >= 0 or bool(slope)), a.hi_open and (a.hi > 0 or bool(slope)))

    return _applied(use, transfer)


def _below(use: Use) -> Value:
    """What is not negative stays; of the rest nothing is known."""
    x = use.x
    if x.range.lo >= 0:
        return make(use, x, range=x.range, reach=x.reach, shape=x.shape, keeps=("range", "reach"))
    return make(use, x, reach=ANY if x.reach == ANY and "slope" in use.roles else None, shape=x.shape)


@primitive("shrunk", bends=True)
def shrunk(use: Use) -> Value:
    """Each element moves towards zero, at most onto it, and the large ones go on without a bound."""
    x = use.x
    image = x.range.hull(intervals.point(0.0))
    reach = x.reach
    if use.set.get("bounded") or (reach is not None and not {reach.lo, reach.hi} <= {0.0, -INFINITY, INFINITY}):
        reach = None
    keeps = ("range", "reach") if image == x.range else ()
    return make(use, x, range=image, reach=reach, keeps=keeps)


@primitive("log_add_exp", bends=True)
def log_add_exp(use: Use) -> Value:
    """log(exp(x) + exp(y)) rises in both."""
    inputs = use.tensors()
    if len(inputs) < 2:
        return make(use, *inputs)
    a, b = inputs[:2]
    ends = [
        (_log_add(x, y), x_open or y_open)
        for x, y, x_open, y_open in (
            (a.range.lo, b.range.lo, a.range.lo_open, b.range.lo_open),
            (a.range.hi, b.range.hi, a.range.hi_open, b.range.hi_open),
        )
    ]
    return make(use, a, b, range=Interval(ends[0][0], ends[1][0], ends[0][1], ends[1][1]))


def _log_add(x: float, y: float) -> float:
    high, low = max(x, y), min(x, y)
    return high if math.isinf(high) or math.isinf(low) else high + math.log1p(math.exp(low - high))


@primitive("remainder")
def remainder(use: Use) -> Value:
    """What division by a number leaves: with the sign of the divisor, or of what is divided."""
    x, divisor = use.x, use.constant("other")
    if divisor is None or divisor <= 0:
        return make(use, x, shape=x.shape)
    low = 0.0 if use.set.get("sign") != "input" or x.range.lo >= 0 else -float(divisor)
    image = Interval(low, float(divisor), low < 0, True)
    return make(use, x, range=image, reach=image if x.reach == ANY else None, shape=x.shape)
