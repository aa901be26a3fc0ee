"""Lines on a terminal: whatever is in them, they fit, and the mark stands under its character."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from trainlint.reporters.columns import Line, window

TEXTS = st.text(
    st.one_of(st.characters(codec="utf-8", exclude_characters="\r\n"), st.sampled_from("\t 日本é\u0301ab()=")),
    max_size=300,
)


def width(text: str) -> int:
    return Line.of(text).width


@given(TEXTS, st.integers(0, 300), st.integers(0, 40), st.integers(40, 130))
def test_a_line_fits_and_its_mark_lies_in_it(text, start, length, room):
    line = Line.of(text)
    start = min(start, len(text))
    end = min(start + length, len(text))
    columns = line.columns[start], line.columns[end]
    view = window(line, [columns], room)
    left, right = view.marks(*columns)
    assert width(view.text) <= room
    assert 0 <= left < right
    assert right <= max(width(view.text), left + 1)


@given(st.text("ab日()= \t", min_size=1, max_size=300), st.integers(0, 300), st.integers(40, 130))
def test_the_mark_stands_under_its_character(text, at, room):
    at = min(at, len(text) - 1)
    line = Line.of(text[:at] + "X" + text[at + 1 :])
    columns = line.columns[at], line.columns[at + 1]
    view = window(line, [columns], room)
    left, right = view.marks(*columns)
    assert (left, right) == (width(view.text[: view.text.index("X")]), left + 1)


@given(TEXTS)
def test_nothing_that_a_terminal_obeys_is_left(text):
    shown = "".join(Line.of(text).shown)
    assert not any(unicodedata.category(character) == "Cc" for character in shown)
