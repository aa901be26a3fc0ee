"""invalid-syntax: a place that Python cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.model import Confidence, Finding, Span
from trainlint.rules.catalogue import catalogue
from trainlint.source.source import Source
from trainlint.syntax.errors import problems

NAME = "invalid-syntax"


def check(source: Source, *, uses_framework: bool) -> Iterator[Finding]:
    """What cannot be decoded or is no notebook at all, and, where a framework is used, what is no Python."""
    severity = catalogue()[NAME].default_severity
    if unreadable := source.problem:
        span = Span(source.path, unreadable.start, unreadable.end)
        yield Finding(NAME, severity, Confidence.HIGH, unreadable.message, span)
    elif uses_framework:
        for problem in problems(source):
            span = Span(source.path, problem.start, problem.end)
            yield Finding(NAME, severity, Confidence.HIGH, problem.message, span)
