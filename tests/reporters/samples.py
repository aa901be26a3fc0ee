"""Findings made by hand, and the sources that they lie in."""

from __future__ import annotations

import json
from pathlib import Path

from trainlint.engine.fingerprints import fingerprints
from trainlint.engine.report import Report
from trainlint.model import Confidence, Finding, Note, Severity, Span
from trainlint.source.sources import Sources


def sources(**texts: str | bytes) -> Sources:
    """Sources of Python files, by their name without `.py`."""
    overlays = {f"{name}.py": text.encode() if isinstance(text, str) else text for name, text in texts.items()}
    return Sources(Path("/nowhere"), overlays)


def at(files: Sources, path: str, text: str, occurrence: int = 0) -> Span:
    """The place of `text` in a file."""
    source = files.get(path)
    assert source is not None
    data, start = text.encode(), -1
    for _ in range(occurrence + 1):
        start = source.original.index(data, start + 1)
    return Span(path, start, start + len(data))


def finding(span: Span, *related: Note, **fields: object) -> Finding:
    """A finding of the first rule with the given evidence."""
    values = {
        "rule": "relu-before-regression",
        "severity": Severity.WARNING,
        "confidence": Confidence.HIGH,
        "message": "the output is [0, inf)",
    } | fields
    return Finding(span=span, related=related, **values)  # type: ignore[arg-type]


def report(files: Sources, *findings: Finding) -> Report:
    """A report of the findings in the given order."""
    return Report(findings=findings, fingerprints=fingerprints(findings, files))


def notebook(folder: Path) -> tuple[Sources, Span]:
    """A notebook on the disk, and the place of `y` in line 2 of its cell 2, which is line 16 of the file."""
    cells = [{"cell_type": kind, "metadata": {}, "source": ["x\n", "y = 1"]} for kind in ("markdown", "code")]
    (folder / "a.ipynb").write_text(json.dumps({"cells": cells}, indent=1))
    return Sources(folder), Span("a.ipynb", 2, 3)
