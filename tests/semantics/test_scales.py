"""The scale of data is what arithmetic makes of each of its features."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainlint.semantics import scales
from trainlint.semantics.intervals import Interval
from trainlint.semantics.values import Nothing, Number, Scale, Sequence, Tensor, number

NUMBERS = st.floats(-1e3, 1e3)
DIVISORS = st.floats(0.01, 1e3) | st.floats(-1e3, -0.01)
FEATURES = st.tuples(NUMBERS, NUMBERS).map(lambda ends: Interval(min(ends), max(ends)))


@given(FEATURES, NUMBERS, DIVISORS, st.floats(0, 1))
def test_what_was_inside_a_feature_is_inside_the_shifted_one(feature, offset, divisor, part):
    element = feature.lo + part * (feature.hi - feature.lo)
    shifted = scales.shifted(Scale((feature,)), [offset], [divisor])
    assert shifted is not None
    slack = 1e-6 * (1 + abs(element) + abs(offset)) / min(1.0, abs(divisor))
    assert shifted.features[0].lo - slack <= (element - offset) / divisor <= shifted.features[0].hi + slack


@given(st.lists(FEATURES, min_size=2, max_size=5, unique=True))
def test_each_feature_has_its_own_offset(features):
    offsets = [each.lo for each in features]
    shifted = scales.shifted(Scale(tuple(features)), offsets, [1.0])
    assert shifted is not None
    assert all(each.lo == 0 for each in shifted.features)


def test_numbers_of_another_count_do_not_fit():
    table = Scale((Interval(0, 1), Interval(0, 2)))
    assert scales.shifted(table, [1.0, 2.0, 3.0], [1.0]) is None
    assert scales.shifted(table, [1.0], [0.0]) is None


def test_data_is_raw_until_something_changes():
    raw = Scale((Interval(0, 255),), raw=True)
    assert scales.shifted(raw, [0.0], [1.0]) == raw
    assert scales.shifted(raw, [0.0], [255.0]) == Scale((Interval(0, 1),))


TABLE = Scale((Interval(0, 1), Interval(0, 100), Interval(5, 6)), raw=True)
WHOLE = Sequence((Nothing(), Nothing(), Nothing()), kind="slice")


@pytest.mark.parametrize(
    ("at", "columns"),
    [
        (number(3), [0, 1, 2]),  # a row
        (Tensor(dtype="bool"), [0, 1, 2]),
        (WHOLE, [0, 1, 2]),
        (Sequence((WHOLE, number(1))), [1]),
        (Sequence((WHOLE, number(-1))), [2]),
        (Sequence((WHOLE, Sequence((number(1), Nothing(), Nothing()), kind="slice"))), [1, 2]),
        (Sequence((WHOLE, Sequence((Nothing(), number(-1), Nothing()), kind="slice"))), [0, 1]),
        (Sequence((WHOLE, number(7))), None),
        (Sequence((WHOLE, Number(Interval(0, 2)))), None),  # some column
    ],
)
def test_an_index_picks_rows_or_columns(at, columns):
    picked = scales.selected(TABLE, at)
    assert (None if picked is None else list(picked.features)) == (
        None if columns is None else [TABLE.features[each] for each in columns]
    )


def test_of_named_columns_nothing_is_known():
    assert scales.selected(TABLE, Sequence(()), named=True) is None
    assert scales.selected(TABLE, Tensor(dtype="bool"), named=True) == TABLE


def test_what_is_written_into_an_empty_array_is_its_scale():
    bytes_ = Tensor(scale=Scale((Interval(0, 255),), raw=True))
    assert scales.written(Tensor(range=Interval(0, 0)), bytes_) == bytes_.scale
    assert scales.written(Tensor(), bytes_) is None  # what it held is not known
    assert scales.written(bytes_, Tensor()) is None
    assert scales.written(bytes_, bytes_) == bytes_.scale
    assert scales.written(bytes_, number(0)) == bytes_.scale
    assert scales.written(bytes_, number(300)) is None
