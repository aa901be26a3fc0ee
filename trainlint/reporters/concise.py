"""concise: a line per finding."""

from __future__ import annotations

from trainlint.engine.report import Report
from trainlint.model import Finding
from trainlint.reporters.places import place, printable
from trainlint.source.sources import Sources


def render(report: Report, sources: Sources) -> str:
    """A line for each finding."""
    return "".join(line(finding, sources) + "\n" for finding in report.findings)


def line(finding: Finding, sources: Sources) -> str:
    """`path:line:column: severity[rule] message`."""
    return f"{place(finding.span, sources)}: {finding.severity.label}[{finding.rule}] {printable(finding.message)}"
