"""full: every finding with excerpts of all the places that explain it."""

from __future__ import annotations

from trainlint.engine.report import Report
from trainlint.model import Finding, Safety
from trainlint.reporters.frames import frames
from trainlint.reporters.paint import Paint
from trainlint.reporters.places import printable
from trainlint.rules.catalogue import catalogue
from trainlint.source.sources import Sources


def render(report: Report, sources: Sources, *, colour: bool = False, width: int = 120) -> str:
    """A block per finding, with an empty line after each; lines of source are cut to `width` columns."""
    paint = Paint(colour)
    return "".join(_block(finding, sources, paint, width) + "\n\n" for finding in report.findings)


def _block(finding: Finding, sources: Sources, paint: Paint, width: int) -> str:
    level = paint.severity(finding.severity, f"{finding.severity.label}[{finding.rule}]")
    margin, lines = frames(finding, sources, paint, width)
    ends = [f"confidence: {finding.confidence.label}"] if finding.confidence.label != "high" else []
    for fix in finding.fixes:
        ends.append(f"fix: {printable(fix.title)}" + (" (unsafe)" if fix.safety is Safety.UNSAFE else ""))
    ends.append(f"help: {catalogue()[finding.rule].url}")
    return "\n".join(
        [
            f"{level}{paint.bold(': ' + printable(finding.message))}",
            *lines,
            *(f"{margin} {paint.frame('=')} {end}" for end in ends),
        ]
    )
