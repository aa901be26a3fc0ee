"""github: workflow commands, which GitHub Actions turns into annotations of the lines."""

from __future__ import annotations

from trainlint.engine.report import Report
from trainlint.model import Finding, Severity
from trainlint.reporters.places import printable
from trainlint.reporters.regions import file_region, region
from trainlint.source.sources import Sources

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def render(report: Report, sources: Sources) -> str:
    """`::warning title=…,file=…,line=…::message` for each finding."""
    return "".join(_command(finding, sources) + "\n" for finding in report.findings)


def _command(finding: Finding, sources: Sources) -> str:
    place = file_region(finding.span, sources)
    properties: dict[str, object] = {
        "title": f"trainlint ({finding.rule})",
        "file": finding.span.path,
        "line": place.line,
        "endLine": place.end_line,
    }
    if place.line == place.end_line:  # columns are refused on more than one line
        properties |= {"col": place.column, "endColumn": place.end_column}
    said = ",".join(f"{name}={_escaped(str(value), _PROPERTY)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {said}::{_escaped(_message(finding, sources), _DATA)}"


def _message(finding: Finding, sources: Sources) -> str:
    """The message with the places that it rests on, since an annotation shows one place only."""
    cell = region(finding.span, sources).said
    lines = [f"{cell}: {finding.message}" if cell else finding.message]
    for note in finding.related:
        where = region(note.span, sources)
        lines.append(f"{note.span.path}:{f'{where.said}' if where.cell else where.line}: {note.message}")
    return "\n".join(map(printable, lines))


def _escaped(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)
