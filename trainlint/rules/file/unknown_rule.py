"""unknown-rule: an ignore comment names a rule that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.model import Confidence, Finding, Span
from trainlint.rules.catalogue import catalogue
from trainlint.settings import suggestion
from trainlint.source.source import Source

NAME = "unknown-rule"


def check(source: Source) -> Iterator[Finding]:
    """A finding at each name in the ignore comments of `source` that is no rule's."""
    known = catalogue()
    for ignore in source.ignores:
        for name, (start, end) in zip(ignore.rules, ignore.spans, strict=True):
            if name not in known:
                message = f"there is no rule `{name}`{suggestion(name, known)}"
                span = Span(source.path, start, end)
                yield Finding(NAME, known[NAME].default_severity, Confidence.HIGH, message, span)
