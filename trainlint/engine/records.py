"""Results as text and back. JSON and nothing that could run code: a cache may come with a stranger's repository."""

from __future__ import annotations

import json
from typing import Any

from trainlint.engine.facts import Facts
from trainlint.engine.results import About, Outcome, Reported, Result
from trainlint.model import Confidence, Edit, Finding, Fix, Note, Safety, Severity, Span


def outcome_text(result: Result, about: About) -> str:
    """A result, and what is said of the file, as text."""
    findings = [[_finding(each.finding), each.assumed] for each in result.findings]
    said = [[_finding(each) for each in about.findings], about.notes]
    return _text([findings, sorted(result.entered), result.notes, said])


def read_outcome(text: str) -> Outcome:
    """What a text holds; ValueError, TypeError or KeyError if it holds none."""
    findings, entered, notes, (said, remarks) = json.loads(text)
    return Outcome(
        Result(
            tuple(
                Reported(_read(finding), None if assumed is None else _where(*assumed)) for finding, assumed in findings
            ),
            frozenset(_where(*place) for place in entered),
            tuple(notes),
        ),
        About(tuple(map(_read, said)), tuple(remarks)),
    )


def facts_text(facts: Facts) -> str:
    """What is known of a file as text."""
    return _text([facts.uses_framework, facts.by_hand, facts.readable, facts.comments])


def read_facts(text: str) -> Facts:
    """The facts of a text; ValueError or TypeError if it holds none."""
    return Facts(*json.loads(text))


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _where(path: str, segment: int, at: int) -> tuple[str, int, int]:
    return path, segment, at


def _finding(finding: Finding) -> list[Any]:
    return [
        finding.rule,
        finding.severity,
        finding.confidence,
        finding.message,
        _span(finding.span),
        [[_span(note.span), note.message] for note in finding.related],
        [
            [fix.title, fix.safety.value, [[_span(edit.span), edit.content] for edit in fix.edits]]
            for fix in finding.fixes
        ],
    ]


def _read(record: list[Any]) -> Finding:
    rule, severity, confidence, message, span, related, fixes = record
    return Finding(
        rule,
        Severity(severity),
        Confidence(confidence),
        message,
        Span(*span),
        tuple(Note(Span(*place), says) for place, says in related),
        tuple(
            Fix(title, Safety(safety), tuple(Edit(Span(*place), content) for place, content in edits))
            for title, safety, edits in fixes
        ),
    )


def _span(span: Span) -> list[Any]:
    return [span.path, span.start, span.end]
