"""Positions as a client counts them: lines from 0, columns in units of UTF-8, UTF-16 or UTF-32.

A text here has lines that end in ``\\n``, ``\\r\\n`` or ``\\r`` and in nothing else, as the protocol says.
"""

from __future__ import annotations

import re

from lsprotocol.types import Position

UTF_8, UTF_16, UTF_32 = "utf-8", "utf-16", "utf-32"
_END = re.compile(r"\r\n|\n|\r")


def units(line: bytes, encoding: str) -> int:
    """How many columns a piece of a line in UTF-8 takes."""
    if encoding == UTF_8:
        return len(line)
    text = line.decode("utf-8", "ignore")
    return len(text) if encoding == UTF_32 else len(text) + sum(character > "\uffff" for character in text)


def size(line: bytes, columns: int, encoding: str) -> int:
    """How many bytes of a line in UTF-8 lie before a column; all of them where the line is shorter."""
    if encoding == UTF_8:
        return min(max(columns, 0), len(line))
    text = line.decode("utf-8", "ignore")
    return len(text[: _characters(text, columns, encoding)].encode("utf-8"))


def index(text: str, position: Position, encoding: str) -> int:
    """The character of a text at which a position lies; what is beyond a line or the text is its end."""
    start = 0
    for _ in range(position.line):
        end = _END.search(text, start)
        if end is None:
            return len(text)
        start = end.end()
    end = _END.search(text, start)
    line = text[start : len(text) if end is None else end.start()]
    return start + _characters(line, position.character, encoding)


def _characters(line: str, columns: int, encoding: str) -> int:
    """How many characters of a line lie before a column."""
    if columns <= 0:
        return 0
    if encoding == UTF_32:
        return min(columns, len(line))
    if encoding == UTF_8:
        return len(line.encode("utf-8", "replace")[:columns].decode("utf-8", "ignore"))
    taken = 0
    for count, character in enumerate(line):
        if taken >= columns:
            return count
        taken += 2 if character > "\uffff" else 1
    return len(line)
