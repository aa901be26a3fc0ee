"""concise: a line per finding."""

from __future__ import annotations

from trainlint.engine.report import Report
from trainlint.reporters.places import place, printable
from trainlint.source.sources import Sources


def render(report: Report, sources: Sources) -> str:
    """`path:line:column: severity[rule] message` for each finding."""
    return "".join(
        f"{place(finding.span, sources)}: {finding.severity.label}[{finding.rule}] {printable(finding.message)}\n"
        for finding in report.findings
    )
