"""One finding per mistake, however many units and runs report it."""

from __future__ import annotations

from tests.reporters.samples import finding
from trainlint.engine.merging import merged, surviving
from trainlint.engine.unit import Reported, Result
from trainlint.model import Confidence, Note, Severity, Span

PLACE, OTHER = Span("a.py", 5, 9), Span("b.py", 0, 3)
NEAR, FAR = Note(Span("m.py", 0, 1), "near"), Note(Span("m.py", 2, 3), "far")


def test_the_shortest_chain_and_the_highest_confidence_are_kept():
    long = finding(PLACE, NEAR, FAR, confidence=Confidence.HIGH, message="long")
    short = finding(PLACE, NEAR, confidence=Confidence.MEDIUM, message="short")
    assert merged([long, short]) == merged([short, long])
    (one,) = merged([long, short])
    assert (one.message, one.related, one.confidence) == ("short", (NEAR,), Confidence.HIGH)


def test_the_gravest_severity_is_kept_with_its_own_evidence():
    behind_flag = finding(PLACE, severity=Severity.INFO, message="behind a flag")
    plain = finding(PLACE, NEAR, severity=Severity.WARNING, message="always")
    assert merged([behind_flag, plain]) == (plain,)


def test_another_rule_or_place_is_another_finding():
    findings = [
        finding(OTHER),
        finding(PLACE, rule="unknown-rule"),
        finding(PLACE),
        finding(Span("a.py", 5, 8)),
    ]
    assert [(one.span, one.rule) for one in merged(findings)] == [
        (Span("a.py", 5, 8), "relu-before-regression"),
        (PLACE, "relu-before-regression"),
        (PLACE, "unknown-rule"),
        (OTHER, "relu-before-regression"),
    ]


def test_an_assumed_finding_goes_if_another_unit_enters_its_function():
    function, other = ("a.py", 0, 0), ("a.py", 1, 0)
    assumed, kept, real = finding(PLACE), finding(Span("a.py", 210, 211)), finding(OTHER)
    alone = Result(findings=(Reported(assumed, function), Reported(kept, other)), entered=frozenset(), notes=())
    caller = Result(findings=(Reported(real, None),), entered=frozenset({function}), notes=())
    assert list(surviving([alone, caller])) == [kept, real]
    assert list(surviving([alone])) == [assumed, kept]
