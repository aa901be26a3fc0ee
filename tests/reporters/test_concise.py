"""`concise`: a line per finding."""

from __future__ import annotations

from tests.reporters.samples import at, finding, report, sources
from trainlint.model import Severity
from trainlint.reporters.concise import render


def test_a_line_per_finding():
    files = sources(a="é = x\n", b="\n\n  y\n")
    made = report(
        files,
        finding(at(files, "a.py", "x")),
        finding(at(files, "b.py", "y"), severity=Severity.INFO, message="two\nlines"),
    )
    assert render(made, files).splitlines() == [
        "a.py:1:5: warning[relu-before-regression] the output is [0, inf)",
        "b.py:3:3: info[relu-before-regression] two\ufffdlines",
    ]
