"""The one line at the end of a check."""

from __future__ import annotations

from trainlint.cli.console import plural
from trainlint.engine.report import Report
from trainlint.model import Severity


def summary(report: Report, seconds: float) -> str:
    """What was found in how many files, for stderr."""
    files = plural(len(report.files), "file")
    counts = [
        plural(count, severity.label) if severity is not Severity.INFO else f"{count:,} info"
        for severity in reversed(Severity)
        if (count := sum(finding.severity is severity for finding in report.findings))
    ]
    if report.findings:
        text = f"Found {plural(len(report.findings), 'problem')} ({', '.join(counts)}) in {files}"
    elif not report.files:
        return "No Python files to check"
    elif not report.related_to_training:
        text = f"No problems: {files}, none of which uses a known framework"
    else:
        text = f"No {'new ' * bool(report.accepted)}problems in {files} in {seconds:.2f} s"
    text += f"; {report.accepted:,} in the baseline" if report.accepted else ""
    return text + (f"; {report.hidden:,} hidden by --min-confidence" if report.hidden else "")
