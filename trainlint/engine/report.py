"""What a check of many files yields: the findings that are shown, and what is said beside them."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from trainlint.model import Finding, Span


@frozen
class Report:
    """The result of a run, in the order in which it is printed."""

    findings: tuple[Finding, ...] = ()
    fingerprints: Mapping[tuple[str, Span], str] = field(factory=dict)
    """By the identity of a finding."""
    files: tuple[str, ...] = ()
    """What was checked."""
    related_to_training: int = 0
    """How many of the files mention a known framework."""
    hidden: int = 0
    """Findings below the wanted confidence."""
    accepted: int = 0
    """Findings that are in a baseline."""
    fails: bool = False
    """Whether a finding reaches the severity that its file's settings fail on."""
    failures: tuple[str, ...] = ()
    """What went wrong with a file or its settings; every other file was checked."""
    tracebacks: tuple[str, ...] = ()
    """Of the internal errors among the failures."""
    notes: tuple[str, ...] = ()
    """What was left out because of its size."""
    details: tuple[str, ...] = ()
    """What else was left out, for those who ask."""
