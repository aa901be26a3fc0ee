"""The line index: byte offsets to lines and columns and back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainlint.source.lines import Lines, newlines

# What str.splitlines would take for the end of a line, the three that are one, and every width of UTF-8.
TEXTS = st.text(st.sampled_from("\n\r\f\v\x1c\x85\u2028\\ aé→🔥\u0301") | st.characters(exclude_categories=["Cs"]))


def lines_of(text: str) -> list[str]:
    """The lines of a text, by the definition."""
    return re.split("\r\n|\n|\r", text)


@given(TEXTS)
def test_only_three_line_ends_count(text):
    lines = Lines(text.encode())
    assert lines.count == len(lines_of(text))
    found = [text.encode()[slice(*lines.line_span(number + 1))].decode() for number in range(lines.count)]
    assert found == lines_of(text)


@given(TEXTS)
def test_every_code_point_has_its_place(text):
    lines = Lines(text.encode())
    at = 0
    for number, line in enumerate(lines_of(text), start=1):
        at = lines.line_span(number)[0]
        for column, character in enumerate(line, start=1):
            assert lines.place(at) == (number, column)
            assert lines.offset(number, column) == at
            at += len(character.encode())
        assert lines.place(at) == (number, len(line) + 1)
        assert lines.offset(number, len(line) + 1) == at
    assert at == len(text.encode())


@given(TEXTS, st.integers(1, 99))
def test_a_column_beyond_the_end_is_the_end(text, beyond):
    lines = Lines(text.encode())
    for number, line in enumerate(lines_of(text), start=1):
        assert lines.offset(number, len(line) + beyond) == lines.line_span(number)[1]


@given(TEXTS)
def test_an_offset_within_a_character_belongs_to_it(text):
    lines = Lines(text.encode())
    at = 0
    for character in text:
        size = len(character.encode())
        assert {lines.place(at + inside) for inside in range(size)} == {lines.place(at)}
        at += size


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("", 0, (1, 1)),
        ("a\n", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("a\f\x1c\u2028b", 6, (1, 5)),
        ("🔥🔥x", 8, (1, 3)),
    ],
)
def test_examples(text, offset, place):
    assert Lines(text.encode()).place(offset) == place


@given(TEXTS)
def test_line_ends_can_be_made_alike_without_moving_anything(text):
    data = text.encode()
    alike = newlines(data)
    assert len(alike) == len(data)
    assert b"\r" not in alike
    before, after = Lines(data), Lines(alike)
    assert [before.line_span(number + 1)[0] for number in range(before.count)] == [
        after.line_span(number + 1)[0] for number in range(after.count)
    ]
    assert alike.count(b"\\\n") == len(re.findall(rb"\\(?:\r\n|\n|\r)", data))  # what was joined stays joined
