"""`rdjson`: columns in bytes, as reviewdog counts them."""

from __future__ import annotations

import json

from tests.reporters.samples import at, finding, notebook, report, sources
from trainlint.model import Edit, Fix, Note, Safety, Span
from trainlint.reporters.rdjson import render


def test_the_exact_shape():
    files = sources(a="é = f(x)\ny\n")
    made = finding(
        at(files, "a.py", "f(x)"),
        Note(at(files, "a.py", "y"), "from here"),
        fixes=(
            Fix("One", Safety.SAFE, (Edit(at(files, "a.py", "x"), "ü"),)),
            Fix("Two", Safety.SAFE, (Edit(at(files, "a.py", "x"), "1"), Edit(at(files, "a.py", "y"), "2"))),
        ),
    )
    assert json.loads(render(report(files, made), files)) == {
        "source": {"name": "trainlint", "url": "https://github.com/trainlint/trainlint"},
        "diagnostics": [
            {
                "message": "the output is [0, inf)",
                "location": {
                    "path": "a.py",
                    "range": {"start": {"line": 1, "column": 6}, "end": {"line": 1, "column": 10}},
                },
                "severity": "WARNING",
                "code": {
                    "value": "relu-before-regression",
                    "url": "https://github.com/trainlint/trainlint/blob/main/trainlint/rules/output/relu_before_regression.md",
                },
                "related_locations": [
                    {
                        "message": "from here",
                        "location": {
                            "path": "a.py",
                            "range": {"start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 2}},
                        },
                    }
                ],
                "suggestions": [
                    {"range": {"start": {"line": 1, "column": 8}, "end": {"line": 1, "column": 9}}, "text": "ü"}
                ],
            }
        ],
    }


def test_a_notebook_has_lines_of_its_file_and_no_suggestions(tmp_path):
    files, span = notebook(tmp_path)
    made = finding(span, fixes=(Fix("One", Safety.SAFE, (Edit(span, "1"),)),))
    (shown,) = json.loads(render(report(files, made), files))["diagnostics"]
    assert shown["location"]["range"] == {"start": {"line": 16}, "end": {"line": 16}}
    assert shown["message"].startswith("cell 2, line 2: ")
    assert "suggestions" not in shown


def test_an_end_at_the_start_of_a_line():
    files = sources(a="x\ny\n")
    (shown,) = json.loads(render(report(files, finding(Span("a.py", 0, 2))), files))["diagnostics"]
    assert shown["location"]["range"]["end"] == {"line": 2, "column": 1}
