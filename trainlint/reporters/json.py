"""json: the stable, versioned form for other programs.

Lines, columns and cells count from 1, columns in code points; ends are exclusive.
"""

from __future__ import annotations

import json
from typing import Any

from trainlint.engine.report import Report
from trainlint.model import Finding, Fix, Note, Span
from trainlint.rules.catalogue import catalogue
from trainlint.source.sources import Sources

VERSION = 1


def render(report: Report, sources: Sources) -> str:
    """The findings as one JSON document; only ASCII, so that no stream can spoil it."""
    findings = [_finding(finding, report.fingerprints[finding.identity], sources) for finding in report.findings]
    return json.dumps({"version": VERSION, "findings": findings}, indent=2) + "\n"


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
    source = sources.get(span.path)
    if source is None:
        raise LookupError(f"{span.path} has a finding but no source")
    start, end = source.place(span.start), source.place(span.end)
    if end.cell != start.cell:  # the end of a cell's last line is the start of the next cell
        last = source.place(max(span.start, span.end - 1))
        end_line, end_column = last.line, last.column + 1
    else:
        end_line, end_column = end.line, end.column
    return {
        "path": span.path,
        "cell": start.cell,
        "start": {"line": start.line, "column": start.column},
        "end": {"line": end_line, "column": end_column},
    }
