"""`json`: the exact shape."""

from __future__ import annotations

import json
from pathlib import Path

from tests.reporters.samples import at, finding, report, sources
from trainlint.model import Edit, Fix, Note, Safety, Span
from trainlint.reporters.json import render
from trainlint.source.sources import Sources


def test_the_exact_shape():
    files = sources(a="é = f(x)\ny\n", b="z = 1\n")
    place = at(files, "a.py", "f(x)")
    made = report(
        files,
        finding(
            place,
            Note(at(files, "b.py", "z"), "from here"),
            fixes=(Fix("Do", Safety.SAFE, (Edit(at(files, "a.py", "y"), "ü"),)),),
        ),
    )
    text = render(made, files)
    assert text.isascii()
    assert json.loads(text) == {
        "version": 1,
        "findings": [
            {
                "rule": "relu-before-regression",
                "severity": "warning",
                "confidence": "high",
                "message": "the output is [0, inf)",
                "path": "a.py",
                "cell": None,
                "start": {"line": 1, "column": 5},
                "end": {"line": 1, "column": 9},
                "related": [
                    {
                        "message": "from here",
                        "path": "b.py",
                        "cell": None,
                        "start": {"line": 1, "column": 1},
                        "end": {"line": 1, "column": 2},
                    }
                ],
                "fixes": [
                    {
                        "title": "Do",
                        "safety": "safe",
                        "edits": [
                            {
                                "path": "a.py",
                                "cell": None,
                                "start": {"line": 2, "column": 1},
                                "end": {"line": 2, "column": 2},
                                "content": "ü",
                            }
                        ],
                    }
                ],
                "url": "https://github.com/trainlint/trainlint/blob/main/trainlint/rules/output/relu_before_regression.md",
                "fingerprint": made.fingerprints[made.findings[0].identity],
            }
        ],
    }


def test_nothing_is_an_empty_list():
    assert json.loads(render(report(sources()), sources())) == {"version": 1, "findings": []}


def test_an_end_at_the_end_of_a_cell_stays_in_it():
    cells = [{"cell_type": "code", "metadata": {}, "source": text} for text in ("x", "y")]
    files = Sources(Path("/nowhere"), {"a.ipynb": json.dumps({"cells": cells}).encode()})
    made = report(files, finding(Span("a.ipynb", 0, 2)), finding(Span("a.ipynb", 2, 3)))
    first, second = json.loads(render(made, files))["findings"]
    assert (first["cell"], first["start"], first["end"]["line"]) == (1, {"line": 1, "column": 1}, 1)
    assert (second["cell"], second["start"], second["end"]) == (
        2,
        {"line": 1, "column": 1},
        {"line": 1, "column": 2},
    )
