"""jsonl: the findings of `json`, each on a line of its own."""

from __future__ import annotations

import json

from trainlint.engine.report import Report
from trainlint.reporters.json import entries
from trainlint.source.sources import Sources


def render(report: Report, sources: Sources) -> str:
    """A JSON object per finding and line; only ASCII, so that no stream can spoil it."""
    return "".join(json.dumps(entry) + "\n" for entry in entries(report, sources))
