"""Notebooks: the code cells as one text, magics masked so that every byte keeps its offset."""

from __future__ import annotations

import json
import re
from typing import Any

from attrs import frozen

from trainlint.source.opaque import opaque_spans

_TRANSPARENT = frozenset({b"time", b"timeit", b"capture", b"prun", b"memit", b"mprun", b"lprun"})
_LINE = re.compile(rb"[^\n]*\n?")
_ASSIGNED = re.compile(rb"[^=()\[\]#'\"]*[^=!<>()\[\]#'\"]=[ \t]*(?=[!%])")


class NotebookError(Exception):
    """The text is no notebook; the message says why, ``offset`` where."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


@frozen
class Code:
    """The code of a notebook: per cell its number among all cells and its text, which ends in a newline."""

    cells: tuple[tuple[int, str], ...]


def read(text: str) -> Code:
    """The code cells of a notebook in JSON. Raises `NotebookError`."""
    try:
        raw: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        position = error.pos if isinstance(error, json.JSONDecodeError) else 0
        message = error.msg if isinstance(error, json.JSONDecodeError) else "too deeply nested"
        raise NotebookError(f"the notebook is not valid JSON: {message}", position) from None
    if not isinstance(raw, dict):
        raise NotebookError("the notebook is not a JSON object")
    cells = raw.get("cells")
    if cells is None:  # format 3
        sheets = raw.get("worksheets")
        cells = [cell for sheet in sheets or () if isinstance(sheet, dict) for cell in sheet.get("cells") or ()]
    if not isinstance(cells, list):
        raise NotebookError("the notebook has no list of cells")
    if not _is_python(raw.get("metadata")):
        return Code(())
    return Code(
        tuple(
            (number, _text(cell))
            for number, cell in enumerate(cells, start=1)
            if isinstance(cell, dict) and cell.get("cell_type") == "code"
        )
    )


def _is_python(metadata: Any) -> bool:
    if not isinstance(metadata, dict):
        return True
    for holder, key in (("kernelspec", "language"), ("language_info", "name")):
        held = metadata.get(holder)
        language = held.get(key) if isinstance(held, dict) else None
        if isinstance(language, str):
            return "python" in language.lower()
    return True


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    text = source if isinstance(source, str) else ""
    text = text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates have no place in a text
    return text if text.endswith("\n") else text + "\n"


def masked(cell: bytes) -> bytes:
    """A cell without its magics, of the same length."""
    stripped = cell.lstrip()
    if stripped.startswith(b"%%"):
        word = re.match(rb"%%(\w+)", stripped)
        if word is None or word.group(1) not in _TRANSPARENT:
            return _blank(cell)
    if not re.search(rb"[%!?]", cell):
        return cell
    inside = [span for span in opaque_spans(cell) if b"\n" in cell[slice(*span)]]
    depth, goes_on, parts = 0, False, []
    for match in _LINE.finditer(cell):
        line = match.group()
        within = any(start < match.start() < end for start, end in inside)
        if goes_on:
            goes_on = line.rstrip().endswith(b"\\")
            line = _blank(line)
        elif depth == 0 and not within:
            written = line
            line = _masked_line(written)
            goes_on = line != written and written.rstrip().endswith(b"\\")
        parts.append(line)
        plain = re.sub(rb"'[^'\n]*'|\"[^\"\n]*\"|#[^\n]*", b"", line)
        depth = max(0, depth + len(re.findall(rb"[(\[{]", plain)) - len(re.findall(rb"[)\]}]", plain)))
    return b"".join(parts)


def _blank(text: bytes) -> bytes:
    return re.sub(rb"[^\r\n]", b" ", text)


def _masked_line(line: bytes) -> bytes:
    body = line.strip()
    indent = len(line) - len(line.lstrip())
    is_magic = body[:1] in (b"%", b"!", b"?") or re.fullmatch(rb"[\w.]+\?{1,2}", body) is not None
    if is_magic:
        filler = b"0#" if len(body) > 1 else b"0"
        return line[:indent] + filler + line[indent + len(filler) :]
    assigned = _ASSIGNED.match(line)
    if assigned is not None and len(line) - assigned.end() > 2:
        return line[: assigned.end()] + b"0#" + line[assigned.end() + 2 :]
    return line
