"""gitlab: a Code Quality report, which GitLab shows in merge requests."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from trainlint.engine.report import Report
from trainlint.model import Finding, Severity
from trainlint.reporters.places import printable
from trainlint.reporters.regions import file_region, region
from trainlint.source.sources import Sources

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(report: Report, sources: Sources) -> str:
    """A JSON list of issues."""
    issues = [_issue(finding, report.fingerprints[finding.identity], sources) for finding in report.findings]
    return json.dumps(issues, indent=2) + "\n"


def _issue(finding: Finding, fingerprint: str, sources: Sources) -> dict[str, Any]:
    place, cell = file_region(finding.span, sources), region(finding.span, sources).said
    return {
        "description": printable(f"{cell}: {finding.message}" if cell else finding.message),
        "check_name": finding.rule,
        "fingerprint": _unique(finding.span.path, fingerprint),
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": finding.span.path, "lines": {"begin": place.line, "end": place.end_line}},
    }


def _unique(path: str, fingerprint: str) -> str:
    """Of issues with the same fingerprint GitLab keeps one, and files may hold the same mistake."""
    return hashlib.blake2b(f"{path}\0{fingerprint}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
