"""A source line as it stands on a terminal: wide characters, tabs, and lines that are too long."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence

from attrs import frozen

from trainlint.reporters.places import unsafe

TAB = 4
_CUT = "..."
_LEAD = 12
"""How many columns are shown before a label where the beginning of a line is cut."""


@frozen
class Line:
    """What is shown for each character of a line, and the terminal column at which each begins."""

    shown: tuple[str, ...]
    columns: tuple[int, ...]
    """One more than there are characters: the last is the width of the line."""

    @classmethod
    def of(cls, text: str) -> Line:
        shown: list[str] = []
        columns = [0]
        for character in text:
            if character == "\t":
                character = " " * (TAB - columns[-1] % TAB)
                size = len(character)
            elif unsafe(character):
                character, size = "\ufffd", 1
            elif unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
                size = 0
            else:
                size = 2 if unicodedata.east_asian_width(character) in "WF" else 1
            shown.append(character)
            columns.append(columns[-1] + size)
        return cls(tuple(shown), tuple(columns))

    @property
    def width(self) -> int:
        return self.columns[-1]


@frozen
class Window:
    """The part of a line that is shown: its columns `first` to `last`, after `lead` columns that say it was cut."""

    text: str
    first: int
    last: int
    lead: int

    def marks(self, start: int, end: int) -> tuple[int, int]:
        """Where an underline of the line's columns `start` to `end` lies below `text`; at least one column wide."""
        left = min(max(start, self.first), self.last - 1)
        right = max(left + 1, min(end, self.last))
        return left - self.first + self.lead, right - self.first + self.lead


def window(line: Line, labels: Sequence[tuple[int, int]], room: int) -> Window:
    """The part of `line` in at most `room` columns that best shows the `labels`, which are ranges of its columns."""
    if line.width <= room:
        return Window("".join(line.shown), 0, sys.maxsize, 0)
    begin = 0
    if any(min(end, start + _LEAD) > room - len(_CUT) for start, end in labels):
        begin = min(min(start for start, _ in labels) - _LEAD, line.width - room + len(_CUT))
        begin = max(0, begin)
    lead = len(_CUT) if begin else 0
    end = begin + room - lead
    if end < line.width:
        end -= len(_CUT)
    taken = [
        index for index in range(len(line.shown)) if begin <= line.columns[index] and line.columns[index + 1] <= end
    ]
    first, last = line.columns[taken[0]], line.columns[taken[-1] + 1]
    text = "".join(line.shown[taken[0] : taken[-1] + 1])
    return Window(_CUT * bool(begin) + text + _CUT * (end < line.width), first, last, lead)
