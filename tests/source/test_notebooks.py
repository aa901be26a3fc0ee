"""Notebooks: cells, magics, places."""

from __future__ import annotations

import ast
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.projects import notebook
from trainlint.source.notebooks import masked
from trainlint.source.source import Position, Source


def read(*cells: str | tuple[str, str], **more: object) -> Source:
    """A notebook of code cells, or of (kind, text)."""
    made = [
        {"cell_type": cell[0], "source": cell[1]} if isinstance(cell, tuple) else {"cell_type": "code", "source": cell}
        for cell in cells
    ]
    return Source.read("a.ipynb", json.dumps({"cells": made, "nbformat": 4, **more}).encode())


def masks(cell: str) -> str:
    """A cell without its magics, in the same number of bytes, and valid."""
    found = masked(cell.encode())
    assert len(found) == len(cell.encode())
    assert found.count(b"\n") == cell.count("\n")
    ast.parse(found)
    return found.decode()


def test_code_cells_in_order_are_one_text():
    source = read("x = 1", ("markdown", "# Title\nx = 0"), "y = 2\n", ("raw", "z"), "")
    assert source.original == b"x = 1\ny = 2\n\n"
    assert [(cell.number, source.original[cell.start : cell.end]) for cell in source.cells] == [
        (1, b"x = 1\n"),
        (3, b"y = 2\n"),
        (5, b"\n"),
    ]


def test_the_lines_of_a_cell_may_be_a_list():
    assert Source.read("a.ipynb", notebook("# %% \nx = 1\ny = 2\n# %% [markdown]\n# hi\n").encode()).original == (
        b"x = 1\ny = 2\n"
    )


def test_places_count_all_cells_and_the_lines_within():
    source = read("x = 1\ny = 2", ("markdown", ""), "é = 3\nzz = 4")
    assert source.place(source.data.index(b"x")) == Position(1, 1, 1)
    assert source.place(source.data.index(b"y")) == Position(1, 2, 1)
    assert source.place(source.data.index(b"3")) == Position(3, 1, 5)
    assert source.place(source.data.index(b"zz")) == Position(3, 2, 1)
    assert source.place(len(source.data)).cell == 3


def test_no_statement_runs_over_the_end_of_a_cell():
    source = read("x = (1,", "y = 2", "'''a", "c = 4")
    assert [segment.data for segment in source.segments] == [b"x = (1,", b"y = 2", b"'''a", b"c = 4"]


def test_a_cell_that_begins_with_a_clause_is_kept():
    assert [segment.data for segment in read("if x:\n    y", "x = 1").segments] == [b"if x:\n    y", b"x = 1"]


def test_a_nul_in_a_cell_is_blank():
    assert read("x = 1\0\n").data == b"x = 1 \n"


def test_a_lone_surrogate_is_replaced():
    source = Source.read("a.ipynb", rb'{"cells": [{"cell_type": "code", "source": "x = \"\ud800\""}]}')
    assert source.original == b'x = "?"\n'


def test_a_mark_of_byte_order_is_no_problem():
    assert Source.read("a.ipynb", b'\xef\xbb\xbf{"cells": []}').problem is None


def test_format_3():
    cells = [{"cell_type": "heading"}, {"cell_type": "code", "input": ["x = 1\n", "y = 2"]}]
    source = Source.read("a.ipynb", json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}).encode())
    assert source.original == b"x = 1\ny = 2\n"
    assert source.cells[0].number == 2


@pytest.mark.parametrize(
    ("metadata", "is_read"),
    [
        ({}, True),
        ({"kernelspec": {"language": "python"}}, True),
        ({"kernelspec": {"name": "x"}, "language_info": {"name": "ipython"}}, True),
        ({"kernelspec": {"language": "R"}}, False),
        ({"language_info": {"name": "julia"}}, False),
    ],
)
def test_other_languages_are_not_read(metadata, is_read):
    assert bool(read("x = 1", metadata=metadata).cells) == is_read


@pytest.mark.parametrize(
    ("text", "message", "about"),
    [
        ('{"cells": [}', "the notebook is not valid JSON: Expecting value", "}"),
        ('{"é": "🔥" x}', "the notebook is not valid JSON: Expecting ',' delimiter", "x"),
        ("", "the notebook is not valid JSON: Expecting value", ""),
        ("[]", "the notebook is not a JSON object", "["),
        ('{"cells": 1}', "the notebook has no list of cells", "{"),
        ("[" * 100_000, "the notebook is not valid JSON: too deeply nested", "["),
    ],
)
def test_what_is_no_notebook_is_a_problem(text, message, about):
    source = Source.read("a.ipynb", text.encode())
    assert source.problem is not None
    assert source.problem.message == message
    assert source.original[source.problem.start : source.problem.end].decode() == about


@pytest.mark.parametrize(
    "cells", [None, [], [1, None, {}], [{"cell_type": "code"}], [{"cell_type": "code", "source": 5}]]
)
def test_odd_cells_are_no_problem(cells):
    source = Source.read("a.ipynb", json.dumps({"cells": cells}).encode())
    assert source.problem is None
    assert source.segments == ()


# Magics


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        ("%matplotlib inline\nx = 1\n", "x = 1"),
        ("!pip install 'torch\nx = 1\n", "x = 1"),
        ("if a:\n    %time f(\n    x = 1\n", "x = 1"),
        ("if a:\n    !ls\n", ""),
        ("?print\nprint?\nnp.array??\nx = 1\n", "x = 1"),
        ("files = !ls (\nx = 1\n", "files ="),
        ("t = %timeit -o f(\nx = 1\n", "t ="),
        ("self.a = !ls\n", "self.a ="),
        ("x = a % b\ny = a != b\n", "x = a % b\ny = a != b"),
        ("x = (a\n% b)\n", "x = (a\n% b)"),
        ("x = '''\n%time\n!ls\n'''\n", "x = '''\n%time\n!ls\n'''"),
        ("# what?\nx = 'why?'\n", "x = 'why?'"),
        ("x = f(  # (\n    a,\n)\n%time\n", "x = f("),
        ("%\n!\n", ""),
        ("é = 1\n%time é\n", "é = 1"),
    ],
)
def test_magics_are_masked(cell, left):
    found = masks(cell)
    assert left in found


@pytest.mark.parametrize("word", ["bash", "html", "javascript", "writefile x.py", "R", "sql"])
def test_cells_in_another_language_are_blank(word):
    assert masks(f"\n%%{word}\nfor x in (\nè\n").strip() == ""


@pytest.mark.parametrize("word", ["time", "timeit -n 1", "capture out"])
def test_cells_that_are_only_measured_are_read(word):
    assert "x = 1" in masks(f"%%{word}\nx = 1\n")


def test_a_magic_that_goes_on_in_the_next_line_is_masked_to_its_end():
    found = masks("!pip install \\\n  torch \\\n  keras\nx = 1\n")
    assert found.splitlines()[1:] == [" " * 9, " " * 7, "x = 1"]


@given(
    st.lists(
        st.sampled_from(
            ["%time", "!ls", "x = 1", "x?", "'''", '"', "(", ")", "# é", "  y", "\\", "= !ls", "%%bash", ""]
        )
    )
)
def test_masking_keeps_every_byte_in_place(lines):
    cell = "\n".join(lines) + "\n"
    found = masked(cell.encode())
    assert len(found) == len(cell.encode())
    assert [at for at, byte in enumerate(found) if byte == 10] == [
        at for at, byte in enumerate(cell.encode()) if byte == 10
    ]
