"""Where paths meet: a join contains both sides, whichever comes first."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.values import predictions, ranges
from trainlint.semantics.intervals import ANY, NON_NEGATIVE, UNIT, Interval
from trainlint.semantics.joins import choose, join
from trainlint.semantics.values import (
    MOST_OPTIONS,
    Choice,
    Condition,
    Fact,
    Flag,
    Mapping,
    Node,
    Nothing,
    Number,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
    number,
    options,
)

NODES = [Node("made", None) for _ in range(3)]
INTERVALS = st.sampled_from([ANY, NON_NEGATIVE, UNIT, Interval(0, 1, True, True), Interval(-1, 1), Interval(2, 3)])
TENSORS = st.builds(
    Tensor,
    range=INTERVALS,
    reach=st.none() | INTERVALS,
    content=st.sampled_from(["", "probabilities"]),
    shape=st.sampled_from([None, (3,), (None, 3), (2, 3)]),
    dtype=st.sampled_from([None, "float32", "int64"]),
    number=st.integers(0, 2),
    facts=st.frozensets(st.sampled_from([Fact("max", 1), Fact("sum", 1)])),
    origin=st.sampled_from(NODES),
)
SIMPLE = st.one_of(
    st.builds(number, st.integers(-3, 3) | st.sampled_from([0.5, 1e300])),
    st.builds(Text, st.sampled_from(["a", "b"])),
    st.builds(Flag, st.booleans()),
    st.just(Nothing()),
    st.builds(Unknown, why=st.sampled_from(["this", "that"])),
    TENSORS,
)
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(Sequence, st.lists(inner, max_size=3).map(tuple), kind=st.sampled_from(["list", "tuple"])),
        st.builds(
            lambda pairs: Mapping(tuple((Text(key), value) for key, value in pairs.items())),
            st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        ),
    ),
    max_leaves=4,
)


def covers(whole: Value, part: Value) -> bool:
    """Whether one of the alternatives of ``whole`` can be all that ``part`` can be."""
    return all(any(_covers(each, one) for _, each in options(whole)) for _, one in options(part))


def _covers(whole: Value, part: Value) -> bool:
    if isinstance(whole, Unknown) or whole == part:
        return True
    if isinstance(whole, Number) and isinstance(part, Number):
        return part.range.within(whole.range)
    if isinstance(whole, Flag) and isinstance(part, Flag):
        return whole.truth is None
    if isinstance(whole, Tensor) and isinstance(part, Tensor):
        may = part.range.within(whole.range) and whole.content == part.content
        must = whole.reach is None or (part.reach is not None and whole.reach.within(part.reach))
        return may and must and whole.facts <= part.facts and whole.live >= part.live
    if isinstance(whole, Sequence) and isinstance(part, Sequence):
        if whole.exact:
            pairs = itertools.zip_longest(whole.head, part.head)
            return all(a is not None and b is not None and covers(a, b) for a, b in pairs)
        outside = len(whole.head) + len(whole.tail)
        inner = part.head[len(whole.head) : len(part.head) - len(whole.tail)]
        assert whole.middle is not None
        return len(part.head) >= outside and all(covers(whole.middle, item) for item in inner)
    if isinstance(whole, Mapping) and isinstance(part, Mapping):
        held = dict(whole.items)
        return all(key in held and covers(held[key], value) for key, value in part.items)
    return False


@given(VALUES, VALUES)
def test_a_join_contains_both(a, b):
    joined = join(a, b)
    assert covers(joined, a)
    assert covers(joined, b)


@given(VALUES, VALUES)
def test_whichever_comes_first(a, b):
    one, other = join(a, b), join(b, a)
    assert covers(one, other) or covers(other, one)
    assert {type(each) for _, each in options(one)} == {type(each) for _, each in options(other)}
    assert len(options(one)) == len(options(other))
    assert sorted(map(str, ranges(one))) == sorted(map(str, ranges(other)))


@given(VALUES)
def test_with_itself_nothing_changes(a):
    assert join(a, a) is a


@given(st.lists(VALUES, min_size=1, max_size=10))
def test_there_are_never_too_many_alternatives(values):
    joined = values[0]
    for value in values[1:]:
        joined = join(joined, value)
    assert len(options(joined)) <= MOST_OPTIONS
    assert all(not isinstance(each, Choice) for _, each in options(joined))
    assert all(covers(joined, value) for value in values)


def test_numbers_become_a_range():
    joined = join(number(1), number(2.5))
    assert isinstance(joined, Number)
    assert (str(joined.range), joined.exact, joined.integer) == ("[1, 2.5]", None, False)


def test_what_is_known_of_only_one_tensor_is_not_known():
    a = Tensor(range=Interval(-1, 5), reach=Interval(-1, 5), number=1, dtype="float32", shape=(2, 3), facts=frozenset({Fact("max", 1), Fact("sum", 2)}))  # fmt: skip
    b = Tensor(range=Interval(-1, 5), reach=Interval(0, 9), number=2, dtype="float32", shape=(4, 3), facts=frozenset({Fact("max", 1)}))  # fmt: skip
    joined = join(a, b)
    assert isinstance(joined, Tensor)
    assert joined.reach == Interval(0, 5)
    assert (joined.dtype, joined.shape) == ("float32", (None, 3))
    assert joined.number < 0 and join(a, b) == joined, "a number of its own, the same for the same two"
    assert joined.facts == {Fact("max", 1)}


def test_different_contents_stay_apart():
    joined = join(Tensor(range=UNIT, content="probabilities"), Tensor(range=ANY))
    assert [each.content for _, each in options(joined) if isinstance(each, Tensor)] == ["probabilities", ""]


def test_an_activation_on_one_path_only_stays_apart():
    assert len(options(join(Tensor(range=NON_NEGATIVE), Tensor(range=ANY)))) == 2


# Alternatives


def condition(holds: bool, shipped: bool | None = None) -> Condition:
    return Condition(NODES[0], "flag", None, holds, shipped)


def test_alternatives_keep_their_conditions():
    on, off = condition(True), condition(False)
    joined = join(Text("a"), Nothing(), (on,), (off,))
    assert [(path, type(each)) for path, each in options(joined)] == [((on,), Text), ((off,), Nothing)]
    assert on.opposes(off)


@pytest.mark.parametrize("shipped", [True, False])
def test_what_ships_comes_first(shipped):
    on, off = condition(True, shipped), condition(False, shipped)
    joined = join(Text("on"), Text("off"), (on,), (off,))
    first = options(joined)[0][1]
    assert isinstance(first, Text)
    assert first.text == ("on" if shipped else "off")


def test_a_number_that_ships_is_not_blurred():
    on, off = condition(True, False), condition(False, False)
    joined = join(number(100), number(0.1), (on,), (off,))
    assert [each.exact for _, each in options(joined) if isinstance(each, Number)] == [0.1, 100]


def test_equal_alternatives_are_one_under_what_they_share():
    on, off = condition(True), condition(False)
    assert choose([((on,), Text("a")), ((off,), Text("a"))]) == Text("a")


def test_the_last_of_too_many_is_not_known():
    joined = choose([((), Text(str(index))) for index in range(MOST_OPTIONS + 3)])
    found = [each for _, each in options(joined)]
    assert len(found) == MOST_OPTIONS
    assert isinstance(found[-1], Unknown)
    assert [each.text for each in found[:-1] if isinstance(each, Text)] == [
        str(index) for index in range(MOST_OPTIONS - 1)
    ]


# Loops: what they reach in any number of turns; that a loop is run at least once is taken for granted

LOOPS = """
import sys
n = int(sys.argv[1])
up, down, kept, halved, flip, capped = 0, 10, 3, 1.0, 1, 0
for i in range(n):
    up += 1
    down = down - 0.5
    halved = halved / 2
    flip = -flip
    capped = min(capped + 1, 5)
while n > 0:
    n -= 1
    kept = kept
last = i
"""
REACHED = {
    "up": [1, 2, 1000],
    "down": [9.5, 9, -1000],
    "halved": [0.5, 0.25, 2.0**-50],
    "flip": [1, -1],
    "capped": [1, 2, 5],
    "kept": [3],
    "last": [0, 1, 1000],
}


def test_loops_are_widened():
    for (name, reached), value in zip(REACHED.items(), predictions(LOOPS, REACHED), strict=True):
        found = ranges(value)
        assert not found or all(any(each.holds(one) for each in found) for one in reached), (name, found)


def test_what_does_not_change_in_a_loop_is_still_known():
    (value,) = predictions(LOOPS, ["kept"])
    assert ranges(value) == [Interval(3, 3)]
