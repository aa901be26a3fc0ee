"""json: the stable, versioned form for other programs.

Lines, columns and cells count from 1, columns in code points; ends are exclusive.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from trainlint.engine.report import Report
from trainlint.model import Finding, Fix, Note, Span
from trainlint.reporters.regions import region
from trainlint.rules.catalogue import catalogue
from trainlint.source.sources import Sources

VERSION = 1


def render(report: Report, sources: Sources) -> str:
    """The findings as one JSON document; only ASCII, so that no stream can spoil it."""
    return json.dumps({"version": VERSION, "findings": list(entries(report, sources))}, indent=2) + "\n"


def entries(report: Report, sources: Sources) -> Iterator[dict[str, Any]]:
    """The findings as values of JSON."""
    for finding in report.findings:
        yield _finding(finding, report.fingerprints[finding.identity], sources)


def _finding(finding: Finding, fingerprint: str, sources: Sources) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "message": finding.message,
        **_place(finding.span, sources),
        "related": [_note(note, sources) for note in finding.related],
        "fixes": [_fix(fix, sources) for fix in finding.fixes],
        "url": catalogue()[finding.rule].url,
        "fingerprint": fingerprint,
    }


def _note(note: Note, sources: Sources) -> dict[str, Any]:
    return {"message": note.message, **_place(note.span, sources)}


def _fix(fix: Fix, sources: Sources) -> dict[str, Any]:
    edits = [{**_place(edit.span, sources), "content": edit.content} for edit in fix.edits]
    return {"title": fix.title, "safety": fix.safety.value, "edits": edits}


def _place(span: Span, sources: Sources) -> dict[str, Any]:
    found = region(span, sources)
    return {
        "path": span.path,
        "cell": found.cell,
        "start": {"line": found.line, "column": found.column},
        "end": {"line": found.end_line, "column": found.end_column},
    }
