"""Where a key stands in a TOML text: `tomllib` does not say, so its lines are looked through once more."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"\s*\[\[?\s*(?P<keys>[^\[\]]*?)\s*\]\]?\s*(?:#.*)?$")
_PART = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.|=|$)""")


def line_of(text: str, keys: Sequence[str | int]) -> int:
    """The line (from 1) of the key path `keys`, or of the nearest part of it that has a line of its own.

    An index at the end asks for that item of a list, which is looked for as the string it is by `item_line`.
    """
    wanted = [key for key in keys if isinstance(key, str)]
    found, depth = 1, 0
    table: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = _parts(header["keys"])
            path = table
        else:
            path = table + _parts(line, assignment=True)
            if path == table:
                continue
        shared = _shared(path, wanted)
        # A longer path that begins with what is wanted is as good a place, if nothing better came before.
        if shared > depth and (shared == len(path) or shared == len(wanted)):
            found, depth = number, shared
    rest = wanted[depth:]
    return _below(text, found, rest[-1]) if rest else found


def item_line(text: str, line: int, item: str) -> int:
    """The first line from `line` on that holds the string `item` in quotes, else `line`."""
    return next(
        (
            number
            for number, content in enumerate(text.split("\n")[line - 1 :], start=line)
            if f'"{item}"' in content or f"'{item}'" in content
        ),
        line,
    )


def _below(text: str, line: int, key: str) -> int:
    """The first line from `line` on that says `key =` (an inline table), else `line`."""
    pattern = re.compile(rf"""(?<![\w-])["']?{re.escape(key)}["']?\s*=""")
    lines = text.split("\n")
    return next((n for n in range(line, len(lines) + 1) if pattern.search(lines[n - 1])), line)


def _parts(text: str, assignment: bool = False) -> list[str]:
    """The keys of a dotted path; of an assignment, those before the equals sign."""
    parts: list[str] = []
    position = 0
    while match := _PART.match(text, position):
        parts.append(next(group for group in match.groups()[:3] if group is not None))
        position = match.end()
        if match[4] != ".":
            return parts if (match[4] == "=") == assignment else []
    return []


def _shared(path: Sequence[str], wanted: Sequence[str]) -> int:
    count = 0
    for mine, theirs in zip(path, wanted, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
