"""From bytes to text: encodings, what cannot be read, places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainlint.source.source import Position, Problem, Source


def read(raw: bytes) -> Source:
    return Source.read("a.py", raw)


def problem(raw: bytes) -> tuple[str, bytes]:
    """What is wrong with a file, and the bytes of its text that are meant."""
    source = read(raw)
    assert source.problem is not None
    assert source.segments == ()
    assert source.ignores == ()
    return source.problem.message, source.original[source.problem.start : source.problem.end]


@pytest.mark.parametrize(
    ("raw", "encoding", "bom", "text"),
    [
        (b"", "utf-8", False, ""),
        ("é = '🔥'".encode(), "utf-8", False, "é = '🔥'"),
        ("\ufeffé = 1".encode(), "utf-8", True, "é = 1"),
        ("\ufeff# coding: utf-8\né = 1".encode(), "utf-8", True, "# coding: utf-8\né = 1"),
        ("# coding: latin-1\né = 1".encode("latin-1"), "iso-8859-1", False, "# coding: latin-1\né = 1"),
        (
            "#!/bin/python\n# -*- coding: cp1252 -*-\nx = '€'".encode("cp1252"),
            "cp1252",
            False,
            "#!/bin/python\n# -*- coding: cp1252 -*-\nx = '€'",
        ),
        (
            "# vim: set fileencoding=euc_jp :\nx = '日本'".encode("euc_jp"),
            "euc_jp",
            False,
            "# vim: set fileencoding=euc_jp :\nx = '日本'",
        ),
        ("x = 1\n\n# coding: latin-1\ny = 'é'".encode(), "utf-8", False, "x = 1\n\n# coding: latin-1\ny = 'é'"),
        (b"a\r\nb\rc\n", "utf-8", False, "a\r\nb\rc\n"),
    ],
)
def test_text_is_decoded_as_python_would(raw, encoding, bom, text):
    source = read(raw)
    assert (source.problem, source.encoding, source.bom, source.original.decode()) == (None, encoding, bom, text)
    assert source.data == source.original


@pytest.mark.parametrize(
    ("raw", "message", "about"),
    [
        (b"x = 1\ny = '\xff'\n", "'utf-8' codec can't decode byte 0xff: invalid start byte", "ÿ"),
        (b"# \xe9\n", "invalid or missing encoding declaration", "é"),
        (b"x = 1\n\n\n'\xe2\x82", "'utf-8' codec can't decode byte 0xe2: unexpected end of data", "â"),
        ("# coding: ascii\nx = 'é'\n".encode(), "'ascii' codec can't decode byte 0xc3: ordinal not in range(128)", "Ã"),
        (b"# coding: klingon\nx = 1\n", "unknown encoding: klingon", "#"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "encoding problem: utf-8", "ï"),
        (b"# coding: rot13\nk = 1\n", "", "#"),
        (b"# coding: zlib\nk = 1\n", "", "#"),
        (b"x = 1\nx\0 = 2\n", "source code cannot contain null bytes", "\0"),
        ("x = '€'\n\0".encode(), "source code cannot contain null bytes", "\0"),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_a_place(raw, message, about):
    said, meant = problem(raw)
    assert message in said
    assert meant.decode() == about


@given(st.binary(max_size=200) | st.text(max_size=50).map(lambda text: text.encode("utf-16")))
def test_any_bytes_can_be_read(raw):
    for path in ("a.py", "a.ipynb"):
        source = Source.read(path, raw)
        assert len(source.data) == len(source.original) or source.problem is not None
        if source.problem is not None:
            assert 0 <= source.problem.start <= source.problem.end <= max(1, len(source.original))
            source.place(source.problem.start)
        assert all(0 <= one.start < one.end <= len(source.data) for one in source.segments)
        assert all(0 <= one.start < one.end <= len(source.data) for one in source.ignores)


def test_a_place_counts_code_points():
    source = read("x = 1\r\ny = '🔥', é\rz\f= 2\n".encode())
    assert source.place(source.data.index("é".encode())) == Position(None, 2, 10)
    assert source.place(source.data.index(b"z")) == Position(None, 3, 1)
    assert source.place(source.data.index(b"=", 20)) == Position(None, 3, 3)


def test_names_tell_which_segments_touch_them():
    source = read(b"import torch as t\ndef f(): pass\nx = f(t)\nx += 1\n")
    assert source.names["t"] == (0, 2)
    assert source.names["f"] == (1, 2)
    assert source.names["x"] == (2, 3)


def test_a_problem_of_an_empty_notebook_has_a_place():
    assert Source.read("a.ipynb", b"").problem == Problem("the notebook is not valid JSON: Expecting value", 0, 1)
