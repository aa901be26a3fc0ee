"""rdjson: the diagnostic format of reviewdog. Columns count bytes of UTF-8 from 1, ends are exclusive."""

from __future__ import annotations

import json
from typing import Any

from trainlint.engine.report import Report
from trainlint.model import Edit, Finding, Note, Severity, Span
from trainlint.reporters.regions import file_region, region, source_of
from trainlint.rules.catalogue import catalogue
from trainlint.source.sources import Sources

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}
_SOURCE = {"name": "trainlint", "url": "https://github.com/trainlint/trainlint"}


def render(report: Report, sources: Sources) -> str:
    """One `DiagnosticResult`."""
    diagnostics = [_diagnostic(finding, sources) for finding in report.findings]
    return json.dumps({"source": _SOURCE, "diagnostics": diagnostics}, indent=2) + "\n"


def _diagnostic(finding: Finding, sources: Sources) -> dict[str, Any]:
    cell = region(finding.span, sources).said
    diagnostic: dict[str, Any] = {
        "message": f"{cell}: {finding.message}" if cell else finding.message,
        "location": _location(finding.span, sources),
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.rule, "url": catalogue()[finding.rule].url},
    }
    if finding.related:
        diagnostic["related_locations"] = [_related(note, sources) for note in finding.related]
    if suggestions := _suggestions(finding, sources):
        diagnostic["suggestions"] = suggestions
    return diagnostic


def _related(note: Note, sources: Sources) -> dict[str, Any]:
    return {"message": note.message, "location": _location(note.span, sources)}


def _suggestions(finding: Finding, sources: Sources) -> list[dict[str, Any]]:
    """Fixes of one edit in the same file: a suggestion is one range there, and all are offered apart."""
    edits = [fix.edits[0] for fix in finding.fixes if len(fix.edits) == 1]
    return [_suggestion(edit, sources) for edit in edits if _suggestable(edit, finding, sources)]


def _suggestable(edit: Edit, finding: Finding, sources: Sources) -> bool:
    return edit.span.path == finding.span.path and not source_of(edit.span, sources).cells


def _suggestion(edit: Edit, sources: Sources) -> dict[str, Any]:
    return {"range": _range(edit.span, sources), "text": edit.content}


def _location(span: Span, sources: Sources) -> dict[str, Any]:
    return {"path": span.path, "range": _range(span, sources)}


def _range(span: Span, sources: Sources) -> dict[str, Any]:
    place, source = file_region(span, sources), source_of(span, sources)
    if source.cells:
        return {"start": {"line": place.line}, "end": {"line": place.end_line}}
    start, end = (source.lines.line_span(line)[0] for line in (place.line, place.end_line))
    return {
        "start": {"line": place.line, "column": span.start - start + 1},
        "end": {"line": place.end_line, "column": span.end - end + 1},
    }
