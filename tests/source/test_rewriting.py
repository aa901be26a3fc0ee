"""Files with edits, as bytes: everything that no edit touches is as it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainlint.model import Edit, Span
from trainlint.source.rewriting import RewritingError, applied, overlap, rewritten
from trainlint.source.source import Source


def edit(start: int, end: int, content: str = "") -> Edit:
    return Edit(Span("a", start, end), content)


def changed(path: str, raw: bytes, old: str, new: str) -> bytes:
    """A file in whose text the first ``old`` is replaced."""
    source = Source.read(path, raw)
    start = source.original.index(old.encode())
    return rewritten(source, raw, [edit(start, start + len(old.encode()), new)])


@given(st.binary(max_size=40), st.data())
def test_edits_are_the_same_in_any_order(text, data):
    ends = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    edits = [
        edit(start, end, data.draw(st.text("ab", max_size=3)))
        for start, end in zip(ends[::2], ends[1::2], strict=False)
    ]
    slowly = text
    for each in reversed(edits):
        slowly = slowly[: each.span.start] + each.content.encode() + slowly[each.span.end :]
    assert applied(text, data.draw(st.permutations(edits))) == slowly


def test_edits_that_overlap_are_refused():
    with pytest.raises(RewritingError):
        applied(b"abcd", [edit(0, 2), edit(1, 3)])


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_changes_overlap_if_they_touch(a, b, c, d):
    one, other = edit(min(a, b), max(a, b)), edit(min(c, d), max(c, d))
    closed = [set(range(each.span.start, each.span.end + 1)) for each in (one, other)]
    assert overlap([one], [other]) == bool(closed[0] & closed[1]) == overlap([other], [one])


def test_changes_of_two_files_do_not_overlap():
    assert not overlap([edit(0, 5)], [Edit(Span("b", 0, 5), "")])


CODES = [
    ("x = 'é'\r\ny = 1\r", "utf-8", b""),
    ("# coding: latin-1\nx = 'é'\ny = 1\n", "latin-1", b""),
    ("x = 'é'\ny = 1\n", "utf-8", b"\xef\xbb\xbf"),
    ("# -*- coding: cp1252 -*-\nx = '€'\n\fy = 1", "cp1252", b""),
    ("# coding: shift_jis\nx = '表'\ny = 1\n", "shift_jis", b""),
]


@pytest.mark.parametrize(("text", "encoding", "bom"), CODES)
def test_encoding_line_ends_and_byte_order_mark_stay(text, encoding, bom):
    raw = bom + text.encode(encoding)
    assert changed("a.py", raw, "y = 1", "yy = 2") == bom + text.replace("y = 1", "yy = 2").encode(encoding)


def test_what_the_encoding_cannot_express_is_refused():
    with pytest.raises(RewritingError, match="iso-8859-1 cannot express"):
        changed("a.py", b"# coding: latin-1\nx = 1\n", "1", "'€'")


def test_an_encoding_that_would_write_other_bytes_is_refused():
    raw = b"# coding: utf-7\nx = '+AOk-'\n"
    assert Source.read("a.py", raw).original.decode().count("é") == 1
    with pytest.raises(RewritingError, match="as it was"):
        changed("a.py", b"# coding: utf-7\nx = '+AGE-'\ny = 1\n", "y = 1", "y = 2")


# Notebooks

BOOK = """\
{
 "metadata": {"b": 1.50, "a": [1,2 , 3]},
 "cells": [
  {"cell_type": "markdown", "source": ["# \\u00e9\\n", "text"]},
  {
   "outputs": [{"text": ["x = 1\\n"], "data": {"n": 1e-3}}],
   "cell_type": "code", "execution_count": null,
   "source": [
    "x = '\\u00e9'\\n",
    "y = 1  # \\"one\\"\\n",
    "z = 2"
   ]
  },
  {"cell_type": "code", "source": "%time\\nw = 1\\n"},
  {"cell_type": "code", "source": [], "source": ["v = 1"]}
 ],
 "nbformat": 4
}
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_only_the_lines_of_a_cell_that_change_are_written(end):
    book = BOOK.replace("\n", end)
    new = "y = 'é'"
    assert changed("a.ipynb", book.encode(), "y = 1", new).decode() == book.replace("y = 1", "y = '\\u00e9'")
    assert changed("a.ipynb", book.encode(), "z = 2\n", "").decode() == book.replace(f'\\n",{end}    "z = 2"', '"')
    assert changed("a.ipynb", book.encode(), "z = 2", "z = 3\nq = 4").decode() == book.replace(
        '"z = 2"', f'"z = 3\\n",{end}    "q = 4"'
    )


def test_the_source_of_a_cell_may_be_one_string():
    assert changed("a.ipynb", BOOK.encode(), "w = 1\n", "w = 2\n").decode() == BOOK.replace("w = 1", "w = 2")


def test_the_last_of_equal_keys_counts():
    assert changed("a.ipynb", BOOK.encode(), "v = 1", "v = 2").decode() == BOOK.replace("v = 1", "v = 2")


def test_a_byte_order_mark_of_a_notebook_stays():
    raw = b"\xef\xbb\xbf" + BOOK.encode()
    assert changed("a.ipynb", raw, "w = 1", "w = 2") == raw.replace(b"w = 1", b"w = 2")


def test_notebooks_of_the_third_format():
    book = '{"worksheets": [{"cells": [{"cell_type": "code", "input": ["a\\n", "b"]}]}], "nbformat": 3}'
    assert changed("a.ipynb", book.encode(), "b", "c").decode() == book.replace('"b"', '"c"')


def test_a_change_over_the_end_of_a_cell_is_refused():
    with pytest.raises(RewritingError, match="end of a cell"):
        changed("a.ipynb", BOOK.encode(), "z = 2\n%time", "")


CELLS = st.lists(
    st.one_of(st.text("ab\n é", max_size=12), st.lists(st.text("ab\n é", max_size=5), max_size=5)),
    min_size=1,
    max_size=4,
)


@given(CELLS, st.sampled_from([None, 1, "\t"]), st.booleans(), st.data())
def test_a_notebook_after_an_edit_holds_the_text_after_that_edit(cells, indent, ascii_only, data):
    held = {"cells": [{"n": [i], "cell_type": "code", "source": cell, "z": 1.0} for i, cell in enumerate(cells)]}
    raw = json.dumps(held, indent=indent, ensure_ascii=ascii_only).encode()
    source = Source.read("a.ipynb", raw)
    cell = data.draw(st.sampled_from(source.cells))
    bounds = [at for at in range(cell.start, cell.end) if source.original[at : at + 1] < b"\x80"]
    start, end = sorted((data.draw(st.sampled_from(bounds)), data.draw(st.sampled_from(bounds))))
    content = data.draw(st.text("xé\n", max_size=4))
    after = rewritten(source, raw, [edit(start, end, content)])
    assert Source.read("a.ipynb", after).original == applied(source.original, [edit(start, end, content)])
    again = json.loads(after)
    for number, (was, now) in enumerate(zip(held["cells"], again["cells"], strict=True), start=1):
        assert list(was) == list(now)
        assert number == cell.number or was == now
        assert type(was["source"]) is type(now["source"])
    assert rewritten(source, raw, []) == raw
