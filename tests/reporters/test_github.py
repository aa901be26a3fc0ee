"""`github`: workflow commands that nothing in a file can break."""

from __future__ import annotations

from tests.reporters.samples import at, finding, notebook, report, sources
from trainlint.model import Note, Severity, Span
from trainlint.reporters.github import render


def test_a_command_per_finding():
    files = sources(a="é = f(x)\ny = (\n  1)\n")
    note = Note(at(files, "a.py", "y"), "from here")
    one = finding(at(files, "a.py", "f(x)"), note, severity=Severity.ERROR)
    long = finding(at(files, "a.py", "(\n  1)"), severity=Severity.INFO)
    assert render(report(files, one, long), files).splitlines() == [
        "::error title=trainlint (relu-before-regression),file=a.py,line=1,endLine=1,col=5,endColumn=9"
        "::the output is [0, inf)%0Aa.py:2: from here",
        "::notice title=trainlint (relu-before-regression),file=a.py,line=2,endLine=3::the output is [0, inf)",
    ]


def test_what_a_path_and_a_message_hold_is_escaped():
    files = sources(**{"a,b:50%\nc": "x\n"})
    made = finding(Span("a,b:50%\nc.py", 0, 1), message="100 %: a, b\n::error::c")
    (line,) = render(report(files, made), files).splitlines()
    assert "file=a%2Cb%3A50%25%0Ac.py," in line
    assert line.endswith("::100 %25: a, b\ufffd::error::c")


def test_a_notebook_is_annotated_where_its_file_has_the_line(tmp_path):
    files, span = notebook(tmp_path)
    line = render(report(files, finding(span)), files)
    assert "file=a.ipynb,line=16,endLine=16,col=1,endColumn=12::cell 2, line 2: the output" in line
