"""From what each unit reports to one finding per mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve

from trainlint.engine.results import Result
from trainlint.model import Finding


def surviving(results: Sequence[Result]) -> Iterator[Finding]:
    """The findings of all units, without those of assumed runs of what another unit really entered."""
    entered = frozenset(span for result in results for span in result.entered)
    for result in results:
        for reported in result.findings:
            if reported.assumed is None or reported.assumed not in entered:
                yield reported.finding


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding per identity, by path and place.

    The gravest severity and the highest confidence are kept, and of the gravest findings the shortest chain of
    evidence.
    """
    same: dict[object, list[Finding]] = {}
    for finding in findings:
        same.setdefault(finding.identity, []).append(finding)
    return tuple(sorted(map(_one, same.values()), key=lambda finding: (finding.span, finding.rule)))


def _one(findings: Sequence[Finding]) -> Finding:
    severity = max(finding.severity for finding in findings)
    confidence = max(finding.confidence for finding in findings)
    shortest = min(
        (finding for finding in findings if finding.severity == severity),
        key=lambda finding: (len(finding.related), [(note.span, note.message) for note in finding.related]),
    )
    return evolve(shortest, confidence=confidence)
