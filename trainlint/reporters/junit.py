"""junit: a test report, in which every finding is a failed test and every clean file one that passed."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from trainlint.engine.report import Report
from trainlint.model import Finding, Severity
from trainlint.reporters.concise import line
from trainlint.reporters.places import printable
from trainlint.reporters.regions import file_region
from trainlint.rules.catalogue import catalogue
from trainlint.source.sources import Sources

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, sources: Sources) -> str:
    """A `testsuite` with a `testcase` per finding and per file without one; `info` findings pass, with a remark."""
    failures = sum(finding.severity > Severity.INFO for finding in report.findings)
    found = {finding.span.path for finding in report.findings}
    clean = [path for path in report.files if path not in found]
    counts = {"tests": str(len(report.findings) + len(clean)), "failures": str(failures), "errors": "0"}
    suites = ElementTree.Element("testsuites", {"name": "trainlint", **counts})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": "trainlint", **counts})
    for finding in report.findings:
        suite.append(_case(finding, sources))
    for path in clean:
        ElementTree.SubElement(
            suite, "testcase", {"name": "trainlint", "classname": _legal(path), "file": _legal(path)}
        )
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _case(finding: Finding, sources: Sources) -> ElementTree.Element:
    place = file_region(finding.span, sources)
    path = _legal(finding.span.path)
    name = f"{finding.rule}:{place.line}:{place.column}"
    case = ElementTree.Element("testcase", {"name": name, "classname": path, "file": path, "line": str(place.line)})
    message = _legal(printable(finding.message))
    text = _legal(f"{line(finding, sources)}\n{catalogue()[finding.rule].url}")
    if finding.severity > Severity.INFO:
        failure = ElementTree.SubElement(case, "failure", {"type": finding.severity.label, "message": message})
        failure.text = text
    else:
        ElementTree.SubElement(case, "system-out").text = text
    return case


def _legal(text: str) -> str:
    """`text` without the characters that no XML may hold."""
    return _ILLEGAL.sub("\ufffd", text)
