"""Where the lines of a notebook's cells stand in its file: other programs know the file, not the cells."""

from __future__ import annotations

import bisect
import json
import json.decoder
import json.scanner
import re
from collections.abc import Mapping, Sequence
from typing import Any

_END = re.compile(r"\r\n|\n|\r")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class _Written(str):
    """A string of the JSON text, with the offset at which it stands there."""

    at = 0


class _Decoder(json.JSONDecoder):
    """Decodes as usual, and keeps where strings stand."""

    def __init__(self) -> None:
        super().__init__()
        self.parse_string = _string
        self.scan_once = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]


def _string(text: str, at: int, strict: bool = True) -> tuple[str, int]:
    value, end = json.decoder.scanstring(text, at, strict)  # type: ignore[attr-defined]
    written = _Written(value)
    written.at = at
    return written, end


def rows(text: str) -> Mapping[int, Sequence[int]]:
    """Per cell, by its number, the line of the file `text` on which each of its lines begins. All count from 1.

    Empty if the text, which has no mark of its byte order, is no notebook.
    """
    try:
        notebook: Any = _Decoder().decode(text)
        cells = notebook["cells"] if "cells" in notebook else [c for s in notebook["worksheets"] for c in s["cells"]]
        starts = [0, *(match.end() for match in _END.finditer(text))]
        return {number: _rows(cell, starts) for number, cell in enumerate(cells, start=1) if isinstance(cell, dict)}
    except (ValueError, RecursionError, KeyError, TypeError):
        return {}


def _rows(cell: Mapping[str, Any], starts: Sequence[int]) -> Sequence[int]:
    source = cell.get("source", cell.get("input", ()))
    found: list[int] = []
    begins = True
    for part in [source] if isinstance(source, str) else source:
        if isinstance(part, _Written):
            for line in _LINE.findall(part):
                if begins:
                    found.append(bisect.bisect_right(starts, part.at))
                begins = line.endswith("\n")
    return found
