"""`junit`: a report that any reader of XML takes, whatever a file holds."""

from __future__ import annotations

from xml.etree import ElementTree

from attrs import evolve

from tests.reporters.samples import at, finding, report, sources
from trainlint.model import Severity, Span
from trainlint.reporters.junit import render


def test_findings_fail_and_clean_files_pass():
    files = sources(a="f(x)\n", b="y\n", c="z\n")
    warning = finding(at(files, "a.py", "f(x)"))
    info = finding(at(files, "b.py", "y"), severity=Severity.INFO)
    made = evolve(report(files, warning, info), files=("a.py", "b.py", "c.py"))
    suites = ElementTree.fromstring(render(made, files))
    (suite,) = suites
    assert (suites.tag, suite.tag) == ("testsuites", "testsuite")
    assert suite.attrib == {"name": "trainlint", "tests": "3", "failures": "1", "errors": "0"}
    failed, remarked, passed = suite
    assert failed.attrib == {
        "name": "relu-before-regression:1:1",
        "classname": "a.py",
        "file": "a.py",
        "line": "1",
    }
    (failure,) = failed
    assert (failure.tag, failure.attrib) == ("failure", {"type": "warning", "message": "the output is [0, inf)"})
    assert (failure.text or "").splitlines()[0] == "a.py:1:1: warning[relu-before-regression] the output is [0, inf)"
    assert [child.tag for child in remarked] == ["system-out"]
    assert (passed.attrib, len(passed)) == ({"name": "trainlint", "classname": "c.py", "file": "c.py"}, 0)


def test_no_character_breaks_the_xml():
    name = "a<b>&\"'\x01\ufffe"
    files = sources(**{name: "x\n"})
    made = finding(Span(f"{name}.py", 0, 1), message="]]> \x00 \udc80 <&>")
    (case,) = ElementTree.fromstring(render(report(files, made), files))[0]
    assert case.get("file") == "a<b>&\"'\ufffd\ufffd.py"
    assert case[0].get("message") == "]]> \ufffd \ufffd <&>"
