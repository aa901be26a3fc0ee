"""`gitlab`: what GitLab's documentation asks of a Code Quality report."""

from __future__ import annotations

import json

import jsonschema

from tests.reporters.samples import at, finding, notebook, report, sources
from trainlint.model import Severity
from trainlint.reporters.gitlab import render

SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "not": {"pattern": "^(\\./|/)"}},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def test_the_exact_shape():
    files = sources(a="f(x)\n")
    (issue,) = json.loads(render(report(files, finding(at(files, "a.py", "x"))), files))
    assert len(issue.pop("fingerprint")) == 32
    assert issue == {
        "description": "the output is [0, inf)",
        "check_name": "relu-before-regression",
        "severity": "major",
        "location": {"path": "a.py", "lines": {"begin": 1, "end": 1}},
    }


def test_it_is_as_documented(tmp_path):
    files = sources(a="x\nx\n", b="x\n")
    spans = at(files, "a.py", "x"), at(files, "a.py", "x", 1), at(files, "b.py", "x")
    made = [finding(span, severity=level) for span, level in zip(spans, Severity, strict=True)]
    issues = json.loads(render(report(files, *made), files))
    jsonschema.validate(issues, SCHEMA)
    assert [issue["severity"] for issue in issues] == ["info", "major", "critical"]
    assert len({issue["fingerprint"] for issue in issues}) == 3, "GitLab keeps one issue of each fingerprint"
    inside, span = notebook(tmp_path)
    (issue,) = json.loads(render(report(inside, finding(span)), inside))
    jsonschema.validate([issue], SCHEMA)
    assert (issue["location"]["lines"]["begin"], issue["description"][:15]) == (16, "cell 2, line 2:")


def test_the_fingerprint_stays_when_lines_move():
    def one(text: str) -> str:
        files = sources(a=text)
        (issue,) = json.loads(render(report(files, finding(at(files, "a.py", "f(x)"))), files))
        return str(issue["fingerprint"])

    assert one("f(x)\n") == one("y = 1\n\nf(x)\n") != one("f(x) + 1\n")


def test_nothing_is_an_empty_list():
    assert render(report(sources()), sources()) == "[]\n"
