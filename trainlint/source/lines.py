"""Where lines begin: byte offsets to lines and columns and back. Only ``\\n``, ``\\r\\n`` and ``\\r`` end a line."""

from __future__ import annotations

import bisect
import re

_END = re.compile(rb"\r\n|\n|\r")


def newlines(data: bytes) -> bytes:
    """The same text, offset for offset, in which ``\\n`` alone ends every line."""
    if b"\r" not in data:
        return data
    return data.replace(b"\\\r\n", b" \\\n").replace(b"\r\n", b" \n").replace(b"\r", b"\n")


def shared(one: bytes, other: bytes) -> int:
    """How many bytes two texts have in common at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


class Lines:
    """The lines of a text in UTF-8. Lines and columns count from 1, columns in code points."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._starts = [0, *(match.end() for match in _END.finditer(data))]

    @property
    def count(self) -> int:
        """How many lines there are; a text that ends with a line end has an empty last line."""
        return len(self._starts)

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of a byte offset."""
        line = bisect.bisect_right(self._starts, offset)
        before = self._data[self._starts[line - 1] : offset]
        return line, len(before.decode("utf-8", "ignore")) + 1

    def offset(self, line: int, column: int) -> int:
        """The byte offset of a line and column; beyond the end of the line is its end."""
        start, end = self.line_span(line)
        text = self._data[start:end].decode("utf-8", "replace")
        return start + len(text[: column - 1].encode("utf-8"))

    def line_span(self, line: int) -> tuple[int, int]:
        """The bytes of a line, without its end."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self._data)
        return start, start + len(self._data[start:end].rstrip(b"\r\n"))
