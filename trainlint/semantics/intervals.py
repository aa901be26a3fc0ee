"""Intervals of real numbers with open or closed ends, and what arithmetic does to them."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

from trainlint.semantics.immutable import frozen

INFINITY = math.inf
LARGEST = sys.float_info.max


@frozen
class Interval:
    """All numbers from ``lo`` to ``hi``; an open end does not belong to it, and infinite ends are always open.

    It is never empty: of a single number both ends are closed, and what overflows begins at the largest float.
    """

    lo: float
    hi: float
    lo_open: bool = False
    hi_open: bool = False

    def __attrs_post_init__(self) -> None:
        if self.lo == INFINITY:
            object.__setattr__(self, "lo", LARGEST)
        if self.hi == -INFINITY:
            object.__setattr__(self, "hi", -LARGEST)
        if self.lo == self.hi:
            object.__setattr__(self, "lo_open", False)
            object.__setattr__(self, "hi_open", False)
        if self.lo == -INFINITY and not self.lo_open:
            object.__setattr__(self, "lo_open", True)
        if self.hi == INFINITY and not self.hi_open:
            object.__setattr__(self, "hi_open", True)

    def __str__(self) -> str:
        left, right = "(" if self.lo_open else "[", ")" if self.hi_open else "]"
        return f"{left}{number_text(self.lo)}, {number_text(self.hi)}{right}"

    @property
    def is_point(self) -> bool:
        return self.lo == self.hi

    @property
    def is_bounded(self) -> bool:
        return self.lo > -INFINITY and self.hi < INFINITY

    def holds(self, value: float) -> bool:
        """Whether ``value`` lies inside."""
        above = value > self.lo or (value == self.lo and not self.lo_open)
        below = value < self.hi or (value == self.hi and not self.hi_open)
        return above and below

    def within(self, other: Interval) -> bool:
        """Whether no number of this interval lies outside of ``other``."""
        low = self.lo > other.lo or (self.lo == other.lo and (self.lo_open or not other.lo_open))
        high = self.hi < other.hi or (self.hi == other.hi and (self.hi_open or not other.hi_open))
        return low and high

    def hull(self, other: Interval) -> Interval:
        """The smallest interval that contains both."""
        if self == other:
            return self
        lo, lo_open = min((self.lo, self.lo_open), (other.lo, other.lo_open))
        hi, hi_closed = max((self.hi, not self.hi_open), (other.hi, not other.hi_open))
        return Interval(lo, hi, lo_open, not hi_closed)

    def meet(self, other: Interval) -> Interval | None:
        """What lies in both; None if nothing does."""
        lo, lo_open = max((self.lo, self.lo_open), (other.lo, other.lo_open))
        hi, hi_closed = min((self.hi, not self.hi_open), (other.hi, not other.hi_open))
        if lo > hi or (lo == hi and (lo_open or not hi_closed)):
            return None
        return Interval(lo, hi, lo_open, not hi_closed)

    def mapped(self, function: Callable[[float], float], *, falling: bool = False) -> Interval:
        """The image under a monotone function; overflow counts as infinite."""
        lo, hi = _safely(function, self.lo), _safely(function, self.hi)
        if falling:
            return Interval(hi, lo, self.hi_open, self.lo_open)
        return Interval(lo, hi, self.lo_open, self.hi_open)


ANY = Interval(-INFINITY, INFINITY)
NON_NEGATIVE = Interval(0.0, INFINITY)
UNIT = Interval(0.0, 1.0)
OPEN_UNIT = Interval(0.0, 1.0, True, True)


def point(value: float) -> Interval:
    """The interval of one number; NaN has no place on the line and gives every number."""
    return ANY if value != value else Interval(value, value)


def number_text(value: float) -> str:
    """A number as a message shows it: ∞ for infinity, no trailing zeros."""
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.4g}"


def add(a: Interval, b: Interval) -> Interval:
    return Interval(a.lo + b.lo, a.hi + b.hi, a.lo_open or b.lo_open, a.hi_open or b.hi_open)


def negate(a: Interval) -> Interval:
    return Interval(-a.hi, -a.lo, a.hi_open, a.lo_open)


def subtract(a: Interval, b: Interval) -> Interval:
    return add(a, negate(b))


def multiply(a: Interval, b: Interval) -> Interval:
    """Products of ends; 0 · ∞ is 0, since infinity stands for numbers without a bound."""
    if a.lo == a.hi and b.lo == b.hi:
        return point(0.0 if a.lo == 0 or b.lo == 0 else a.lo * b.lo)
    ends = []
    for x, x_open in ((a.lo, a.lo_open), (a.hi, a.hi_open)):
        for y, y_open in ((b.lo, b.lo_open), (b.hi, b.hi_open)):
            product = 0.0 if x == 0 or y == 0 else x * y
            is_open = x_open or y_open
            if product == 0:
                is_open = not ((x == 0 and not x_open) or (y == 0 and not y_open)) and is_open
            ends.append((product, is_open))
    lo = min(end for end, _ in ends)
    hi = max(end for end, _ in ends)
    lo_open = all(is_open for end, is_open in ends if end == lo)
    hi_open = all(is_open for end, is_open in ends if end == hi)
    return Interval(lo, hi, lo_open, hi_open)


def reciprocal(a: Interval) -> Interval:
    """1/a; a range that reaches over zero has no bound."""
    if a.lo < 0 < a.hi:
        return ANY
    if a.lo == 0 and a.hi == 0:
        return ANY
    if a.lo >= 0:
        lo = 0.0 if a.hi == INFINITY else 1.0 / a.hi
        hi = INFINITY if a.lo == 0 else _inverse(a.lo)
        return Interval(lo, hi, a.hi_open, a.lo_open or a.lo == 0)
    return negate(reciprocal(negate(a)))


def divide(a: Interval, b: Interval) -> Interval:
    return multiply(a, reciprocal(b))


def power(a: Interval, exponent: float) -> Interval:
    """``a ** exponent`` for a constant exponent."""
    if exponent == 0:
        return point(1.0)
    if exponent < 0:
        return reciprocal(power(a, -exponent))
    if exponent != int(exponent):
        positive = a.meet(NON_NEGATIVE)
        return positive.mapped(lambda x: x**exponent) if positive else ANY
    if int(exponent) % 2:
        return a.mapped(lambda x: x**exponent)
    return absolute(a).mapped(lambda x: x**exponent)


def absolute(a: Interval) -> Interval:
    if a.lo >= 0:
        return a
    if a.hi <= 0:
        return negate(a)
    far, far_closed = max((-a.lo, not a.lo_open), (a.hi, not a.hi_open))
    return Interval(0.0, far, False, not far_closed)


def clamp(a: Interval, low: float | None, high: float | None) -> Interval:
    """The image of ``a`` under ``min(max(x, low), high)``."""
    lo, hi, lo_open, hi_open = a.lo, a.hi, a.lo_open, a.hi_open
    if low is not None and not (lo >= low):
        lo, lo_open = low, False
    if low is not None and hi < low:
        hi, hi_open = low, False
    if high is not None and not (hi <= high):
        hi, hi_open = high, False
    if high is not None and lo > high:
        lo, lo_open = high, False
    return Interval(lo, hi, lo_open, hi_open)


def whole(a: Interval) -> Interval:
    """What the numbers of ``a`` can be rounded to, in whichever direction."""
    return Interval(_safely(math.floor, a.lo), _safely(math.ceil, a.hi))


def exponential(a: Interval) -> Interval:
    image = a.mapped(math.exp)
    return Interval(image.lo, image.hi, image.lo_open or a.lo == -INFINITY, image.hi_open)


def logarithm(a: Interval) -> Interval:
    """log of the positive part; a range with no positive number gives every number."""
    positive = a.meet(NON_NEGATIVE)
    if positive is None or positive.hi == 0:
        return ANY
    return positive.mapped(lambda x: -INFINITY if x == 0 else math.log(x))


def _inverse(value: float) -> float:
    try:
        return 1.0 / value
    except (OverflowError, ZeroDivisionError):
        return INFINITY


def _safely(function: Callable[[float], float], value: float) -> float:
    try:
        return function(value)
    except OverflowError:
        # Only exp and powers overflow, and only upwards or with the sign of the base.
        return -INFINITY if value < 0 and function is not math.exp else INFINITY
