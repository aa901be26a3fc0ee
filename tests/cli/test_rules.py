"""`trainlint rules`: the catalogue as a list."""

from __future__ import annotations

import json

from trainlint.rules.catalogue import catalogue


def test_as_text(trainlint):
    run = trainlint("rules")
    assert run.code == 0
    assert "file\n  invalid-syntax " in run.out
    for rule in catalogue().values():
        assert rule.summary in run.out


def test_as_json(trainlint):
    rules = json.loads(trainlint("rules", "--json").out)
    assert [rule["name"] for rule in rules] == list(catalogue())
    assert rules[0] == {
        "name": "relu-before-regression",
        "group": "output",
        "summary": "A prediction that can never be negative meets a regression loss",
        "severity": {"default": "warning", "behind-flag": "info"},
        "pedantic": False,
        "tags": ["pytorch", "keras"],
        "since": "0.1.0",
        "before": [],
        "options": {},
        "url": "https://github.com/trainlint/trainlint/blob/main/trainlint/rules/output/relu_before_regression.md",
    }


def test_as_markdown(trainlint):
    lines = trainlint("rules", "--markdown").lines
    assert lines[0] == "| rule | finds | level |"
    assert len(lines) == 2 + len(catalogue())
