"""All safe fixes of one document at once: what `trainlint check --fix` would make of the text that is being edited."""

from __future__ import annotations

import difflib
import io
import json
import re
import threading
import tokenize
from collections.abc import Iterator

from attrs import frozen

from trainlint.engine.fixing import fix
from trainlint.engine.results import Result, UnitOptions
from trainlint.engine.units import Units
from trainlint.model import Safety
from trainlint.server.desk import Desk, Open, Superseded
from trainlint.server.texts import Notebook, Text
from trainlint.source.source import Source
from trainlint.source.sources import Sources

SAFE = frozenset({Safety.SAFE})
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


@frozen
class Change:
    """The lines ``first`` to ``last`` (exclusive, from 0) of a document in one version become ``content``."""

    held: Text
    first: int
    last: int
    content: str


def mended(desk: Desk, opened: Open, source: Source, stop: threading.Event) -> list[Change]:
    """What the safe fixes change. It is tried on copies, so that nobody else sees it."""
    raw = _raw(opened)
    if raw is None or not any(each.safety is Safety.SAFE for found in desk.report.findings for each in found.fixes):
        return []
    copied = Source.read(opened.path, raw)
    if copied.original != source.original:
        return []
    others = {each.path: known for each, known in desk.open if each.path != opened.path}
    units = Units()

    def examine(path: str, sources: Sources, options: UnitOptions) -> Result:
        if stop.is_set():
            raise Superseded
        return units.check(path, sources, options)

    def read(path: str) -> bytes:
        if path != opened.path:
            raise OSError("it is another document's turn")
        return raw

    files = desk.around(opened.path)
    request = desk.request(files, Sources(desk.root, {**others, opened.path: copied}), examine)
    made = fix(request, desk.report, SAFE, read).changes.get(opened.path)
    return [] if made is None else list(_changes(opened.held, made.after))


def _raw(opened: Open) -> bytes | None:
    """The text as it would be saved; None if it could not be."""
    if isinstance(opened.held, Notebook):
        return _notebook(opened.held) if opened.path.endswith(".ipynb") else None
    text = opened.held.content
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(text.encode("utf-8")).readline)
        return text.encode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        return None


def _notebook(notebook: Notebook) -> bytes:
    cells: list[dict[str, object]] = [
        {"cell_type": "markdown", "metadata": {}, "source": ""}
        if cell is None
        else {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": cell.content}
        for cell in notebook.cells
    ]
    language = {"language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": language, "nbformat": 4, "nbformat_minor": 5}).encode()


def _changes(held: Text | Notebook, after: bytes) -> Iterator[Change]:
    if isinstance(held, Text):
        encoding, _ = tokenize.detect_encoding(io.BytesIO(after).readline)
        yield from _between(held, after.decode(encoding))
        return
    for cell, known in zip(json.loads(after)["cells"], held.cells, strict=True):
        if known is not None:
            yield from _between(known, "".join(cell["source"]))


def _between(held: Text, after: str) -> Iterator[Change]:
    """The lines of a text that are others now."""
    old, new = _LINES.findall(held.content), _LINES.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag != "equal":
            yield Change(held, first, last, "".join(new[start:end]))
