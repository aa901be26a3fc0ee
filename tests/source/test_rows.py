"""Which line of a notebook's file holds which line of a cell."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainlint.source.rows import rows
from trainlint.source.source import Source


def notebook(*sources: object, **options: object) -> str:
    cells = [{"cell_type": "code", "metadata": {"source": "no"}, "source": source} for source in sources]
    return json.dumps({"cells": cells}, **options)  # type: ignore[arg-type]


def test_a_list_has_a_line_each():
    text = notebook(["a\n", "b"], [], ["c\n"], indent=1)
    lines = text.split("\n")
    found = rows(text)
    assert [[lines[row - 1].strip() for row in found[cell]] for cell in found] == [['"a\\n",', '"b"'], [], ['"c\\n"']]


def test_a_string_has_one_line_for_all():
    assert rows(notebook("a\nb\n", "c", indent=1)) == {1: [8, 8], 2: [15]}


def test_parts_that_are_no_lines():
    assert rows(notebook(["a", "b\nc\n", "\n"], indent=1)) == {1: [9, 10, 11]}


def test_everything_on_one_line():
    assert rows(notebook(["a\n", "b"])) == {1: [1, 1]}


def test_the_format_3():
    cells = [{"cell_type": "code", "input": ["a\n", "b"]}]
    assert rows(json.dumps({"worksheets": [{"cells": cells}]}, indent=1)) == {1: [8, 9]}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"cells": 1}', '{"cells": [1]}', "[" * 100_000, '{"worksheets": [{}]}']
)
def test_what_is_no_notebook_has_none(text):
    assert rows(text) == {}


PARTS = st.lists(st.text(alphabet='a"\\é😀\n', max_size=4), max_size=4)


@given(st.lists(PARTS | st.text(alphabet='a"\\é\n', max_size=6), max_size=3), st.sampled_from([None, 1]), st.booleans())
def test_each_line_of_a_cell_begins_on_its_row(sources, indent, ascii_only):
    text = notebook(*sources, indent=indent, ensure_ascii=ascii_only)
    found, lines = rows(text), text.split("\n")
    for cell in Source.read("a.ipynb", text.encode()).cells:
        original = sources[cell.number - 1]
        wanted = "".join(original).split("\n")
        wanted = wanted[:-1] if wanted[-1] == "" else wanted
        assert len(found[cell.number]) == len(wanted)
        for line, row in zip(wanted, found[cell.number], strict=True):
            assert json.dumps(line[:1], ensure_ascii=ascii_only).strip('"') in lines[row - 1]
