"""Invalid syntax: Python's message and place, and everything else is still read."""

from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainlint.source.source import Source
from trainlint.syntax import tree
from trainlint.syntax.errors import problems
from trainlint.syntax.parse import parse
from trainlint.syntax.spans import span


def found(text: str | bytes) -> list[tuple[str, int, str]]:
    """Per problem its message, its line, and the text that it is about."""
    source = Source.read("a.py", text if isinstance(text, bytes) else text.encode())
    return [
        (one.message, source.place(one.start).line, source.original[one.start : one.end].decode())
        for one in problems(source)
    ]


def python(text: str) -> tuple[str, int, int]:
    """Python's own message, line and column."""
    with pytest.raises(SyntaxError) as raised, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(text, "<unknown>", "exec")
    return raised.value.msg, raised.value.lineno or 0, raised.value.offset or 0


BROKEN = [
    "for x in\n",
    "def f(:\n    pass\n",
    "x = (1, 2\n",
    "x = 1)\n",
    "x = 'abc\n",
    "x = '''abc\n",
    "if x\n    y\n",
    "x = 1 +\n",
    "f(a=1, 2)\n",
    "1 = x\n",
    "print 'hello'\n",
    "class A\n    pass\n",
    "def f():\npass\n",
    "if x:\n    y\n  z\n",
    "x = [1, 2}\n",
    "else:\n    x\n",
    "  x = 1\n",
    "é = '🔥' 🔥\n",
    "x = 0777\n",
    "lambda x=: 1\n",
    "import\n",
    "x = f'{a'\n",
    "async x\n",
    "x = $\n",
    "try:\n    x\ny = 1\n",
    "@\ndef f(): pass\n",
    "x = 5a\n",
]


@pytest.mark.parametrize("text", BROKEN)
def test_alone_the_message_and_place_are_those_of_python(text):
    message, line, column = python(text)
    source = Source.read("a.py", text.encode())
    assert problems(source)[0].message == message
    place = source.place(problems(source)[0].start)
    assert (place.line, place.column) == (line, column) or python_is_beyond(text, line, column)


def python_is_beyond(text: str, line: int, column: int) -> bool:
    """Whether Python points behind the line or at the next statement; we point at the end of the broken one."""
    written = text.split("\n")[line - 1]
    return column > len(written) or (line > 1 and column == 1 and not written.startswith(" "))


@pytest.mark.parametrize("text", [text for text in BROKEN if "'''" not in text])
def test_what_stands_before_and_after_is_still_read(text):
    before, after = "import torch\nx = (\n    1)\n\n", "\ndef g():\n    return 1\n"
    source = Source.read("a.py", f"{before}{text}{after}".encode())
    assert len(problems(source)) >= 1
    assert all(source.place(one.start).line in range(4, 8 + text.count("\n")) for one in problems(source))
    kinds = [type(each) for segment in source.segments for each in parse(segment)]
    assert kinds[:2] == [tree.Import, tree.Assign]
    assert kinds[-1] is tree.FunctionDef


def test_several():
    assert [(message, line) for message, line, _ in found("1 = x\ny = 1\nwhile y\nz = (\n")] == [
        (python("1 = x")[0], 1),
        ("expected ':'", 3),
        ("'(' was never closed", 4),
    ]


def test_lines_in_messages_are_those_of_the_file():
    ((message, line, _),) = found("x = 1\n\n\ndef f():\npass\n")
    assert (message, line) == ("expected an indented block after function definition on line 4", 4)
    ((message, line, _),) = found("x = 1\ny = '🔥', '''\n\nabc")
    assert (message, line) == ("unterminated triple-quoted string literal (detected at line 4)", 2)


def test_a_concatenation_that_libcst_stumbles_over_is_no_problem():
    assert found("x = t'{a}' t'{b}'\ny = 1\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1",
        "await f()\nasync with a: pass\n",
        "x = '\\d'\n",
        "return 1\n",
        "x is 1\n",
        "\ufeffx = 1\n",
        "\fx = 1\n\f\nclass A:\n    x = 1\n\f\n    y = 2\n\f    z = 3\n",
        "x = 1 + \\\r\n    2\r\n",
        "x = (1 +\r    2)\ry = 3\r",
        "# coding: utf-8\nx = 'é'\n",
        "if x:\n\ty = 1\n",
    ],
)
def test_what_python_accepts_is_no_problem(text):
    assert found(text) == []
    assert not any(
        isinstance(each, tree.Unread)
        for segment in Source.read("a.py", text.encode()).segments
        for each in parse(segment)
    )


def test_what_cannot_be_read_as_text_is_a_problem_too():
    assert found(b"x = 1\ny = '\xff'\n") == [("'utf-8' codec can't decode byte 0xff: invalid start byte", 2, "ÿ")]
    assert found(b"x\0 = 1\n") == [("source code cannot contain null bytes", 1, "\0")]


def test_a_notebook():
    source = Source.read(
        "a.ipynb", b'{"cells": [{"cell_type": "code", "source": "x = 1"}, {"cell_type": "code", "source": "y = ("}]}'
    )
    (one,) = problems(source)
    assert (one.message, source.place(one.start).cell) == ("'(' was never closed", 2)


# Within a broken statement


def names(text: str) -> set[str]:
    """The names that are assigned in what could be read."""
    source = Source.read("a.py", text.encode())
    assigned = set()
    for segment in source.segments:
        pending: list[object] = list(parse(segment))
        while pending:
            each = pending.pop()
            if isinstance(each, tree.Assign):
                assigned |= {target.id for target in each.targets if isinstance(target, tree.Name)}
            pending += [
                *getattr(each, "body", ()),
                *getattr(each, "orelse", ()),
                *getattr(each, "finally_body", ()),
                *getattr(each, "handlers", ()),
            ]
    return assigned


@pytest.mark.parametrize(
    "broken",
    [
        "y = = 1",
        "f(",
        "f(a,",
        "for x in",
        "if x",
        "y = 'abc",
        "x.",
        "def g(:",
        "return )",
        "else:",
        "import",
        "y = [1, 2",
        "@",
        "5 = = x",
        "😀",
    ],
)
def test_only_the_broken_line_of_a_function_is_lost(broken):
    text = f"def f():\n    a = 1\n    if a:\n        b = 2\n        {broken}\n        c = 3\n    d = 4\n"
    assert names(text) >= {"a", "b", "c", "d"}


def test_up_to_eight_broken_lines():
    lines = "".join(f"    a{number} = {number}\n    x = = {number}\n" for number in range(8))
    assert names(f"def f():\n{lines}    z = 1\n") >= {"a0", "a7", "z"}


def test_spans_beside_a_broken_line_are_right():
    source = Source.read("a.py", "def f():\n    é = (1\n    return g(é)\n".encode())
    (segment,) = source.segments
    (function,) = parse(segment)
    assert isinstance(function, tree.FunctionDef)
    last = function.body[-1]
    assert isinstance(last, tree.Return)
    assert last.value is not None
    assert source.data[slice(*span(segment, last.value.at))].decode() == "g(é)"


def test_beyond_the_limits_the_names_are_unknown():
    source = Source.read("a.py", ("x, y = " + "(" * 400 + "z" + ")" * 400).encode())
    (segment,) = source.segments
    (unread,) = parse(segment)
    assert isinstance(unread, tree.Unread)
    assert set(unread.names) >= {"x", "y"}
    assert problems(source) == ()


MODULE = """\
import torch
from models import (
    Net,
    Other,
)

é = {"lr": 0.1, 'name': f"{torch.__version__}"}


@decorated(
    by=Net,
)
class Trainer(Net):
    '''Trains (once).

    More.
    '''

    def step(self, x, y=None, *, z: int = 3):
        if x and y:
            loss = self.loss(x, y)  # it's (here
        elif z:
            try:
                loss = [each for each in x if each][0]
            except (KeyError, IndexError) as error:
                raise ValueError(f"no {z!r}") from error
        else:
            return
        with torch.no_grad():
            loss += 1
        return loss / \\
            2


for epoch in range(3):
    while Trainer().step(1)[0]:
        print("it's", epoch, '#')
"""


@given(
    st.integers(0, len(MODULE)),
    st.integers(0, 40),
    st.sampled_from(["", "(", ")", "'", '"""', "\n", ":", " ", "\\", "é", "\f", "\r", "def"]),
)
def test_a_file_in_the_middle_of_an_edit(at, deleted, inserted):
    text = MODULE[:at] + inserted + MODULE[at + deleted :]
    source = Source.read("a.py", text.encode())
    for one in problems(source):
        assert 0 <= one.start < one.end <= len(source.data)
    for segment in source.segments:
        if segment.start <= len(text[:at].encode()) <= segment.end:
            for each in parse(segment):
                start, end = span(segment, each.at)
                assert segment.start <= start <= end <= segment.end
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError:
        assert problems(source) != () or "\\" in text
    else:
        assert problems(source) == ()
