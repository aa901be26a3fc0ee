"""How often each rule speaks."""

from __future__ import annotations

import json
from collections import Counter

from trainlint.engine.report import Report


def render(report: Report, *, as_json: bool = False) -> str:
    """A line per rule and severity, the commonest first."""
    counts = Counter((finding.rule, finding.severity) for finding in report.findings)
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    if as_json:
        entries = [{"rule": rule, "severity": severity.label, "count": count} for (rule, severity), count in rows]
        return json.dumps({"version": 1, "statistics": entries}, indent=2) + "\n"
    width = len(str(rows[0][1])) if rows else 0
    return "".join(f"{count:>{width}} {severity.label}[{rule}]\n" for (rule, severity), count in rows)
