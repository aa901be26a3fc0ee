"""Where the top-level statements of a text begin and end, told without parsing it.

The scanner is one regular expression that steps over strings and comments from one line that begins at column 0 to the
next. Brackets are only counted where a piece does not close as many as it opens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

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


@frozen
class Piece:
    """Where a statement begins and ends, and whether it is closed: nothing behind the next one has a part in that."""

    start: int
    end: int
    closed: bool


def pieces(data: bytes, *, whole: bool, start: int = 0) -> Iterator[Piece]:
    """The statements of a text: what begins at column 0, clauses and decorators joined to what they belong to.

    Code before the first is a piece too if the text is a ``whole`` file; a cell may be indented. With a ``start``, at
    which one of them must begin, those from there on.
    """
    data = newlines(data)
    starts = _Starts(data, start)
    first = _BLANK.match(data)
    if whole and start == 0 and first is not None and first.end() < starts.end(-1):
        starts.known.insert(0, first.end())
    index = 0
    while starts.has(index):
        begin, last, decided = starts.known[index], index, True
        if data.startswith(b"@", begin):
            while starts.has(last + 1) and data.startswith(b"@", starts.known[last]):
                last = _closing(data, starts, last, starts.known[last])[0] + 1
            if not starts.has(last) or not DEFINITION.match(data, starts.known[last]):
                last, decided = index, False
        last, closed = _closing(data, starts, last, begin)
        text = data[begin : starts.end(last)].rstrip()
        yield Piece(begin, begin + len(text), closed and decided)
        index = last + 1


class _Starts:
    """Where lines begin that could begin a statement, found as far as somebody asks for them."""

    def __init__(self, data: bytes, start: int) -> None:
        self.known: list[int] = []
        self._data = data
        self._found = _found(data, start)

    def has(self, index: int) -> bool:
        while len(self.known) <= index:
            following = next(self._found, None)
            if following is None:
                return False
            self.known.append(following)
        return True

    def end(self, index: int) -> int:
        """Where the piece ends that begins there: at the next start."""
        return self.known[index + 1] if self.has(index + 1) else len(self._data)


def _found(data: bytes, position: int) -> Iterator[int]:
    if position:
        yield position
        inside = OPAQUE.match(data, position)
        position = inside.end() if inside is not None else position + 1
    while True:  # a string that begins a line is a statement too, and then a string to be stepped over
        match = _SCAN.search(data, position)
        if match is None:
            return
        position = match.end()
        if match.lastgroup is None:
            continue
        start = match.start(match.lastgroup)
        if match.lastgroup == "quote":
            inside = OPAQUE.match(data, position)
            position = inside.end() if inside is not None else position + 1
        if not _CLAUSE.match(data, start):
            yield start


def _closing(data: bytes, starts: _Starts, last: int, start: int) -> tuple[int, bool]:
    """The piece with which all brackets are closed; one that never closes ends where it began."""
    opened, index = _balance(data[start : starts.end(last)]), last
    while opened > 0:
        index += 1
        if not starts.has(index):
            return last, False
        at = starts.known[index]
        if _HEAD.match(data, at) and data[at - 1 : at] == b"\n":
            return last, False
        opened += _balance(data[at : starts.end(index)])
    return index, True


def _balance(text: bytes) -> int:
    """How many more brackets are opened than closed, those in strings and comments excepted."""
    if b'"' in text or b"'" in text or b"#" in text:
        text = OPAQUE.sub(b"", text)
    opened = text.count(b"(") + text.count(b"[") + text.count(b"{")
    return opened - text.count(b")") - text.count(b"]") - text.count(b"}")
