"""Where the top-level statements of a text begin and end, told without parsing it.

The scanner is one regular expression that steps over strings and comments from one line that begins at column 0 to the
next. Brackets are only counted where a piece does not close as many as it opens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from trainlint.source.lines import newlines
from trainlint.source.opaque import OPAQUE, STRING

DEFINITION = re.compile(rb"(?:async[ \t]+)?def[ \t]+([\w\x80-\xff]+)|class[ \t]+([\w\x80-\xff]+)")
_LINE = rb"(?:(?<!\\\n)^|\#[^\n]*\\\n)\f*"  # a backslash joins the next line, but not at the end of a comment
_SCAN = re.compile(
    rb"(?ms)" + _LINE + rb"(?P<quote>)(?=['\"])|" + STRING + rb"|" + _LINE + rb"(?P<start>[^\s#)\]}'\"])|\#[^\n]*"
)
_BLANK = re.compile(rb"(?:[ \t\f]*(?:\#[^\n]*)?\n|[ \t\f]*(?:\#[^\n]*)?\Z)*\f*")  # whole lines
_CLAUSE = re.compile(rb"(?:elif|else|except|finally)\b")
_HEAD = re.compile(  # what begins a statement and cannot go on within a bracket
    rb"(?:(?:async[ \t]+)?def|class|import|with|try|while)(?![\w.])[^=]|from[ \t]+[.\w \t]+?[ \t]+import\b"
    rb"|(?:if|for)(?![\w.])[^=\n][^\n]*:[ \t]*(?:\#[^\n]*)?\n|@(?![ \t=])"
)


def pieces(data: bytes, *, whole: bool) -> Iterator[tuple[int, int]]:
    """The statements of a text: what begins at column 0, clauses and decorators joined to what they belong to.

    Code before the first is a piece too if the text is a ``whole`` file; a cell may be indented.
    """
    data = newlines(data)
    starts: list[int] = []
    position = 0
    while True:  # a string that begins a line is a statement too, and then a string to be stepped over
        match = _SCAN.search(data, position)
        if match is None:
            break
        if match.lastgroup is not None:
            starts.append(match.start(match.lastgroup))
            position = match.end()
            if match.lastgroup == "quote":
                inside = OPAQUE.match(data, position)
                position = inside.end() if inside is not None else position + 1
        else:
            position = match.end()
    starts = [at for at in starts if not _CLAUSE.match(data, at)]
    first = _BLANK.match(data)
    if whole and first is not None and first.end() < (starts[0] if starts else len(data)):
        starts.insert(0, first.end())
    ends = [*starts[1:], len(data)]
    index = 0
    while index < len(starts):
        start, last = starts[index], index
        if data.startswith(b"@", start):
            while last + 1 < len(starts) and data.startswith(b"@", starts[last]):
                last = _closing(data, starts, ends, last, starts[last]) + 1
            if last == len(starts) or not DEFINITION.match(data, starts[last]):
                last = index
        last = _closing(data, starts, ends, last, start)
        text = data[start : ends[last]].rstrip()
        yield start, start + len(text)
        index = last + 1


def _closing(data: bytes, starts: list[int], ends: list[int], last: int, start: int) -> int:
    """The piece with which all brackets are closed; one that never closes ends where it began."""
    opened, index = _balance(data[start : ends[last]]), last
    while opened > 0:
        index += 1
        if index == len(starts):
            return last
        if _HEAD.match(data, starts[index]) and data[starts[index] - 1 : starts[index]] == b"\n":
            return last
        opened += _balance(data[starts[index] : ends[index]])
    return index


def _balance(text: bytes) -> int:
    """How many more brackets are opened than closed, those in strings and comments excepted."""
    if b'"' in text or b"'" in text or b"#" in text:
        text = OPAQUE.sub(b"", text)
    opened = text.count(b"(") + text.count(b"[") + text.count(b"{")
    return opened - text.count(b")") - text.count(b"]") - text.count(b"}")
