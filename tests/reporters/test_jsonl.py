"""`jsonl`: the entries of `json`, one a line."""

from __future__ import annotations

import json

from tests.reporters.samples import at, finding, report, sources
from trainlint.reporters import json as whole
from trainlint.reporters.jsonl import render


def test_a_line_per_finding():
    files = sources(a="é\ny\n")
    made = report(files, finding(at(files, "a.py", "é"), message="é\n\u2028"), finding(at(files, "a.py", "y")))
    text = render(made, files)
    assert text.isascii() and text.endswith("\n")
    entries = [json.loads(line) for line in text.splitlines()]
    assert entries == json.loads(whole.render(made, files))["findings"]


def test_nothing_is_nothing():
    assert render(report(sources()), sources()) == ""
