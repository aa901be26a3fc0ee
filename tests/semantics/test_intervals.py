"""Intervals: a lattice, and transfer functions that contain every result."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trainlint.semantics import intervals
from trainlint.semantics.intervals import ANY, INFINITY, LARGEST, NON_NEGATIVE, UNIT, Interval, point

ENDS = st.sampled_from([-INFINITY, -1e300, -100.0, -2.0, -1.0, -0.5, -1e-300, 0.0, 1e-300, 0.5, 1.0, 2.0, 3.0, 100.0, 1e300, INFINITY]) | st.floats(-1000, 1000)  # fmt: skip


# Ends with which arithmetic is exact, so that laws hold to the last digit.
EXACT = st.sampled_from([-INFINITY, -4.0, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 4.0, INFINITY])


def interval(ends: tuple[float, float], lo_open: bool, hi_open: bool) -> Interval:
    if ends[0] == ends[1] and math.isinf(ends[0]):
        return ANY
    return Interval(min(ends), max(ends), lo_open, hi_open)


def some_intervals(ends: st.SearchStrategy[float]) -> st.SearchStrategy[Interval]:
    return st.builds(interval, st.tuples(ends, ends), st.booleans(), st.booleans())


@st.composite
def with_member(draw: st.DrawFn) -> tuple[Interval, float]:
    """An interval and a number in it, often one of its ends."""
    chosen = draw(some_intervals(ENDS))
    lo, hi = max(chosen.lo, -LARGEST), min(chosen.hi, LARGEST)
    middle = lo / 2 + hi / 2
    members = [lo, hi, 0.0, 1.0, -1.0, middle, math.nextafter(lo, hi), math.nextafter(hi, lo)]
    return chosen, draw(st.sampled_from([member for member in members if chosen.holds(member)] or [middle]))


INTERVALS, EXACT_INTERVALS, MEMBERS = some_intervals(ENDS), some_intervals(EXACT), with_member()


# The lattice


@given(INTERVALS, INTERVALS)
def test_the_hull_is_the_least_upper_bound(a, b):
    hull = a.hull(b)
    assert a.within(hull)
    assert b.within(hull)
    assert hull == b.hull(a)
    assert {hull.lo, hull.hi} <= {a.lo, a.hi, b.lo, b.hi}
    assert (hull == b) == a.within(b)


@given(INTERVALS, INTERVALS)
def test_what_lies_in_both_is_the_greatest_lower_bound(a, b):
    both = a.meet(b)
    assert both == b.meet(a)
    if both is not None:
        assert both.within(a)
        assert both.within(b)
    assert (both == a) == a.within(b)


@given(INTERVALS, INTERVALS, ENDS)
def test_numbers_decide(a, b, number):
    assume(not math.isinf(number))
    both = a.meet(b)
    assert (both is not None and both.holds(number)) == (a.holds(number) and b.holds(number))
    assert a.hull(b).holds(number) or not (a.holds(number) or b.holds(number))
    if a.within(b):
        assert b.holds(number) or not a.holds(number)


@given(INTERVALS, INTERVALS, INTERVALS)
def test_laws(a, b, c):
    assert a.hull(a) == a == a.meet(a)
    assert a.hull(b).hull(c) == a.hull(b.hull(c))
    assert a.within(a)
    assert a.within(ANY)
    if a.within(b) and b.within(c):
        assert a.within(c)
    if a.within(b) and b.within(a):
        assert a == b
    both = a.meet(b)
    if both is not None:
        assert a.hull(both) == a


@given(INTERVALS)
def test_infinite_ends_are_open(a):
    assert a.lo_open or a.lo > -INFINITY
    assert a.hi_open or a.hi < INFINITY
    assert not a.holds(INFINITY)
    assert not a.holds(math.nan)


# Transfer functions: (ours, the real one). Results that overflow are beyond every number that we could check.

ONE = {
    "negate": (intervals.negate, lambda x: -x),
    "absolute": (intervals.absolute, abs),
    "reciprocal": (intervals.reciprocal, lambda x: 1 / x),
    "exponential": (intervals.exponential, math.exp),
    "logarithm": (intervals.logarithm, math.log),
    "square": (lambda a: intervals.power(a, 2), lambda x: x**2),
    "cube": (lambda a: intervals.power(a, 3), lambda x: x**3),
    "root": (lambda a: intervals.power(a, 0.5), math.sqrt),
    "power 1.5": (lambda a: intervals.power(a, 1.5), lambda x: math.pow(x, 1.5)),
    "power 0": (lambda a: intervals.power(a, 0), lambda x: x**0),
    "power -1": (lambda a: intervals.power(a, -1), lambda x: x**-1),
    "power -2": (lambda a: intervals.power(a, -2), lambda x: x**-2),
    "power -0.5": (lambda a: intervals.power(a, -0.5), lambda x: math.pow(x, -0.5)),
    "clamp from 0": (lambda a: intervals.clamp(a, 0.0, None), lambda x: max(x, 0.0)),
    "clamp to 1": (lambda a: intervals.clamp(a, None, 1.0), lambda x: min(x, 1.0)),
    "clamp": (lambda a: intervals.clamp(a, -0.5, 2.0), lambda x: min(max(x, -0.5), 2.0)),
}
TWO = {
    "add": (intervals.add, lambda x, y: x + y),
    "subtract": (intervals.subtract, lambda x, y: x - y),
    "multiply": (intervals.multiply, lambda x, y: x * y),
    "divide": (intervals.divide, lambda x, y: x / y),
    "hull": (lambda a, b: a.hull(b), lambda x, y: x),
}


def real(function: Callable[..., float], *arguments: float) -> float | None:
    """A result, if there is one."""
    try:
        result = function(*arguments)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return float(result) if not isinstance(result, complex) and math.isfinite(result) else None


def is_defined(name: str, a: Interval) -> bool:
    """Whether a function has a result for some number of an interval; what has none gives every number."""
    if name in ("logarithm", "power -0.5"):
        return a.hi > 0
    if name in ("root", "power 1.5"):
        return a.meet(NON_NEGATIVE) is not None
    return name not in ("reciprocal", "divide", "power -1", "power -2") or a != point(0.0)


def around(interval: Interval, result: float) -> bool:
    """Whether a result lies inside, give or take the last digits of floating point, but never across zero."""
    if interval.holds(result):
        return True
    if result == 0:  # it was too small for a float
        return interval.lo <= 0 <= interval.hi or min(abs(interval.lo), abs(interval.hi)) < 1e-300
    slack = 4 * math.ulp(result)
    near = interval.lo - slack <= result <= interval.hi + slack
    return near and (result > 0 or interval.lo < 0) and (result < 0 or interval.hi > 0)


@given(MEMBERS)
def test_a_function_of_one_contains_every_result(a):
    for name, (transfer, function) in ONE.items():
        result = real(function, a[1])
        assert result is None or around(transfer(a[0]), result), name


@given(MEMBERS, MEMBERS)
def test_a_function_of_two_contains_every_result(a, b):
    for name, (transfer, function) in TWO.items():
        result = real(function, a[1], b[1])
        assert result is None or around(transfer(a[0], b[0]), result), name


@given(EXACT_INTERVALS, EXACT_INTERVALS)
def test_a_function_of_one_is_monotone(a, b):
    for name, (transfer, _) in ONE.items():
        if is_defined(name, a) and is_defined(name, b):
            assert transfer(a).within(transfer(a.hull(b))), name


@given(EXACT_INTERVALS, EXACT_INTERVALS, EXACT_INTERVALS)
def test_a_function_of_two_is_monotone(a, b, c):
    for name, (transfer, _) in TWO.items():
        if all(is_defined(name, each) for each in (a, b, c)):
            assert transfer(a, c).within(transfer(a.hull(b), c)), name
            assert transfer(c, a).within(transfer(c, a.hull(b))), name


@given(INTERVALS, INTERVALS)
def test_no_result_is_empty(a, b):
    results = {name: transfer(a) for name, (transfer, _) in ONE.items()}
    results |= {name: transfer(a, b) for name, (transfer, _) in TWO.items()}
    for name, result in results.items():
        assert -INFINITY <= result.lo <= result.hi <= INFINITY, name
        assert result.hi > -INFINITY, name
        assert result.lo < INFINITY, name
        assert not result.is_point or result.holds(result.lo), name


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (intervals.exponential(ANY), "(0, ∞)"),
        (intervals.exponential(Interval(-INFINITY, 0)), "(0, 1]"),
        (intervals.logarithm(UNIT), "(-∞, 0]"),
        (intervals.logarithm(Interval(-5, -1)), "(-∞, ∞)"),
        (intervals.reciprocal(Interval(0, 2)), "[0.5, ∞)"),
        (intervals.reciprocal(Interval(-2, 0)), "(-∞, -0.5]"),
        (intervals.reciprocal(Interval(1, INFINITY)), "(0, 1]"),
        (intervals.reciprocal(Interval(-1, 1)), "(-∞, ∞)"),
        (intervals.multiply(NON_NEGATIVE, point(0.0)), "[0, 0]"),
        (intervals.multiply(ANY, point(-2.0)), "(-∞, ∞)"),
        (intervals.multiply(Interval(0, 1, True, True), Interval(0, 2)), "[0, 2)"),
        (intervals.multiply(Interval(-2, 3), Interval(-1, 1, True, True)), "(-3, 3)"),
        (intervals.subtract(UNIT, Interval(0, 1, True, True)), "(-1, 1)"),
        (intervals.divide(Interval(0, 255), point(255.0)), "[0, 1]"),
        (intervals.power(Interval(-3, 2), 2), "[0, 9]"),
        (intervals.power(Interval(-3, 3, True, True), 2), "[0, 9)"),
        (intervals.power(Interval(-3, 2), 0.5), "[0, 1.414]"),
        (intervals.absolute(Interval(-3, 3, True, False)), "[0, 3]"),
        (intervals.clamp(Interval(-1, 1, True, True), -1.0, 0.0), "(-1, 0]"),
        (intervals.clamp(Interval(5, 6), 0.0, 1.0), "[1, 1]"),
        (intervals.clamp(Interval(5, 6), 1.0, 0.0), "[0, 0]"),
        (point(math.nan), "(-∞, ∞)"),
        (Interval(1e20, 1e20), "[1e+20, 1e+20]"),
        (Interval(-0.5, 1 / 3), "[-0.5, 0.3333]"),
    ],
    ids=lambda value: str(value),
)
def test_examples(result, text):
    assert str(result) == text
