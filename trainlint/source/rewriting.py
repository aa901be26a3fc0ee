"""A file with edits in its text, as bytes again: encoding, line ends and the JSON of a notebook stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from trainlint.model import Edit, Span
from trainlint.source.source import Cell, Source

_BOM = b"\xef\xbb\xbf"
_BLANK = re.compile(r"[ \t\r\n]*")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_decoder = json.JSONDecoder()


class RewritingError(Exception):
    """A file cannot be written with its edits; the message says why."""


def overlap(one: Iterable[Edit], other: Iterable[Edit]) -> bool:
    """Whether two changes touch each other, so that one would not know of the other."""
    others = [edit.span for edit in other]
    return any(
        a.path == b.path and a.start <= b.end and b.start <= a.end for a in (edit.span for edit in one) for b in others
    )


def applied(text: bytes, edits: Iterable[Edit]) -> bytes:
    """A text with edits of it, none of which overlaps another."""
    parts: list[bytes] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if edit.span.start < at:
            raise RewritingError("its edits overlap")
        parts += (text[at : edit.span.start], edit.content.encode())
        at = edit.span.end
    return b"".join((*parts, text[at:]))


def rewritten(source: Source, raw: bytes, edits: Sequence[Edit]) -> bytes:
    """The file ``source``, whose bytes are ``raw``, after ``edits`` of its text."""
    if source.problem is not None:
        raise RewritingError(source.problem.message)
    if source.path.endswith(".ipynb"):
        return _notebook(source, raw, edits)
    try:
        if _encoded(source.original, source) != raw:
            raise RewritingError(f"it cannot be written in {source.encoding} as it was")
        return _encoded(applied(source.original, edits), source)
    except UnicodeEncodeError as error:
        raise RewritingError(f"{source.encoding} cannot express the change") from error


def _encoded(text: bytes, source: Source) -> bytes:
    return (_BOM if source.bom else b"") + text.decode("utf-8").encode(source.encoding)


# Notebooks ------------------------------------------------------------------------------------------------------------


def _notebook(source: Source, raw: bytes, edits: Sequence[Edit]) -> bytes:
    text = raw.decode("utf-8-sig")
    places = list(_sources(text))
    for cell in reversed(source.cells):
        if own := [edit for edit in edits if _cell(source, edit) is cell]:
            start, end = places[cell.number - 1]
            text = text[:start] + _value(source, cell, text[start:end], own) + text[end:]
    if any(_cell(source, edit) is None for edit in edits):
        raise RewritingError("a change goes over the end of a cell")
    return (_BOM if source.bom else b"") + text.encode("utf-8")


def _cell(source: Source, edit: Edit) -> Cell | None:
    """The cell in which an edit lies; what is inserted between two goes to the second."""
    found = [each for each in source.cells if each.start <= edit.span.start and edit.span.end <= each.end]
    return found[-1] if found else None


def _value(source: Source, cell: Cell, written: str, edits: Sequence[Edit]) -> str:
    """The JSON of a cell's source after edits."""
    held = json.loads(written)
    before = "".join(held) if isinstance(held, list) else held
    shown = source.original[cell.start : cell.end]
    if shown not in (before.encode("utf-8", "replace"), (before + "\n").encode("utf-8", "replace")):
        raise RewritingError("a cell holds what is no text")
    moved = [Edit(_shifted(edit, cell.start), edit.content) for edit in edits]
    after = applied(shown, moved).decode("utf-8")
    if not before.endswith("\n"):
        after = after.removesuffix("\n")
    ascii_only = written.isascii() and not before.isascii()
    if isinstance(held, str):
        return json.dumps(after, ensure_ascii=ascii_only)
    return _list(written, held, after, ascii_only)


def _list(written: str, held: list[str], after: str, ascii_only: bool) -> str:
    """The JSON of a list of lines, in which only those are written anew that are not as they were."""
    spans = list(_items(written, 0))
    first = 0
    while first < len(held) and after.startswith(held[first]) and held[first].endswith("\n"):
        after, first = after[len(held[first]) :], first + 1
    last = len(held)
    while last > first and after.endswith(held[last - 1]) and _begins_line(after, held, last - 1, first):
        after, last = after.removesuffix(held[last - 1]), last - 1
    kept = [written[slice(*span)] for span in spans]
    fresh = [json.dumps(line, ensure_ascii=ascii_only) for line in _LINES.findall(after)]
    lines = [*kept[:first], *fresh, *kept[last:]]
    if not spans:
        return json.dumps(_LINES.findall(after), ensure_ascii=ascii_only)
    head, tail = written[: spans[0][0]], written[spans[-1][1] :]
    between = written[spans[0][1] : spans[1][0]] if len(spans) > 1 else "," + head[1:]
    return f"{head}{between.join(lines)}{tail}" if lines else "[]"


def _begins_line(after: str, held: list[str], index: int, first: int) -> bool:
    """Whether the item at the end of what is left begins a line there, as it did."""
    rest = after.removesuffix(held[index])
    return (not rest or rest.endswith("\n")) and (index == first or held[index - 1].endswith("\n"))


def _shifted(edit: Edit, by: int) -> Span:
    return Span(edit.span.path, edit.span.start - by, edit.span.end - by)


def _sources(text: str) -> Iterator[tuple[int, int]]:
    """Where the source of each cell stands in the JSON of a notebook; of several equal keys the last counts."""
    members = dict(_members(text, _past(text, 0)))
    if "cells" in members and not text.startswith("null", members["cells"][0]):
        yield from _cells(text, members["cells"][0])
    elif "worksheets" in members:  # format 3
        for start, _ in _items(text, members["worksheets"][0]):
            yield from _cells(text, dict(_members(text, start))["cells"][0])


def _cells(text: str, at: int) -> Iterator[tuple[int, int]]:
    for start, _ in _items(text, at):
        members = dict(_members(text, start)) if text.startswith("{", start) else {}
        yield members.get("source") or members.get("input") or (start, start)


def _members(text: str, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """The members of the object that begins at ``at``: key, and where the value stands."""
    at = _past(text, at + 1)
    while not text.startswith("}", at):
        key, end = _decoder.raw_decode(text, at)
        start = _past(text, _past(text, end) + 1)
        _, end = _decoder.raw_decode(text, start)
        yield key, (start, end)
        at = _past(text, end)
        at = _past(text, at + 1) if text.startswith(",", at) else at


def _items(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Where the items of the array stand that begins at ``at``."""
    at = _past(text, at + 1)
    while not text.startswith("]", at):
        _, end = _decoder.raw_decode(text, at)
        yield at, end
        at = _past(text, end)
        at = _past(text, at + 1) if text.startswith(",", at) else at


def _past(text: str, at: int) -> int:
    """Past the white space at ``at``."""
    found = _BLANK.match(text, at)
    return at if found is None else found.end()
