"""The transfer functions of intervals contain every result that NumPy computes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.semantics.test_intervals import MEMBERS, around
from trainlint.semantics import intervals
from trainlint.semantics.intervals import Interval

ONE = {
    "negative": (intervals.negate, np.negative),
    "abs": (intervals.absolute, np.abs),
    "reciprocal": (intervals.reciprocal, np.reciprocal),
    "exp": (intervals.exponential, np.exp),
    "log": (intervals.logarithm, np.log),
    "square": (lambda a: intervals.power(a, 2), np.square),
    "sqrt": (lambda a: intervals.power(a, 0.5), np.sqrt),
    "power 3": (lambda a: intervals.power(a, 3), lambda x: np.power(x, 3)),
    "power -1": (lambda a: intervals.power(a, -1), lambda x: np.power(x, -1.0)),
    "power -2": (lambda a: intervals.power(a, -2), lambda x: np.power(x, -2.0)),
    "power 1.5": (lambda a: intervals.power(a, 1.5), lambda x: np.power(x, 1.5)),
    "power -0.5": (lambda a: intervals.power(a, -0.5), lambda x: np.power(x, -0.5)),
    "clip": (lambda a: intervals.clamp(a, -0.5, 2.0), lambda x: np.clip(x, -0.5, 2.0)),
    "maximum": (lambda a: intervals.clamp(a, 0.0, None), lambda x: np.maximum(x, 0.0)),
    "minimum": (lambda a: intervals.clamp(a, None, 1.0), lambda x: np.minimum(x, 1.0)),
}
TWO = {
    "add": (intervals.add, np.add),
    "subtract": (intervals.subtract, np.subtract),
    "multiply": (intervals.multiply, np.multiply),
    "divide": (intervals.divide, np.divide),
    "where": (Interval.hull, lambda x, y: np.where(x > y, x, y)),
}


def inside(interval: Interval, results: np.ndarray) -> bool:
    return all(around(interval, float(result)) for result in results[np.isfinite(results)])


@pytest.mark.parametrize("name", ONE)
@given(a=MEMBERS, share=st.lists(st.floats(0, 1), max_size=20))
def test_functions_of_one_array(name, a, share):
    transfer, function = ONE[name]
    with np.errstate(all="ignore"):
        assert inside(transfer(a[0]), function(array(*a, share)))


@pytest.mark.parametrize("name", TWO)
@given(a=MEMBERS, b=MEMBERS, share=st.lists(st.floats(0, 1), max_size=20))
def test_functions_of_two_arrays(name, a, b, share):
    transfer, function = TWO[name]
    with np.errstate(all="ignore"):
        assert inside(transfer(a[0], b[0]), function(array(*a, share)[:, None], array(*b, share)))


def array(interval: Interval, member: float, share: list[float]) -> np.ndarray:
    """A member of an interval, and numbers on the way from it to the ends."""
    ends = [end for end in (interval.lo, interval.hi) if np.isfinite(end)]
    with np.errstate(all="ignore"):
        between = [member + part * (end - member) for part in share for end in ends]
    return np.array([member, *(number for number in between if interval.holds(number))])
