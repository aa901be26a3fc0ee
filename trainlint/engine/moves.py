"""Results in later versions of the texts in which they were found."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, field, frozen

from trainlint.engine.results import Reported, Result, Where
from trainlint.engine.versions import Changes
from trainlint.model import Finding, Fix, Note, Span
from trainlint.source.segments import Segment
from trainlint.syntax.spans import moved

Pairs = tuple[tuple[Segment, Segment], ...]


@frozen
class Moves:
    """Files before and after, and which statements of them are the same."""

    changes: Changes
    pairs: Mapping[str, Pairs]
    _numbers: Mapping[str, Mapping[int, int]] = field(init=False)

    @_numbers.default
    def _default(self) -> Mapping[str, Mapping[int, int]]:
        return {path: {old.number: new.number for old, new in pairs} for path, pairs in self.pairs.items()}

    def result(self, result: Result) -> Result | None:
        """A result with its places in the new texts; None where these cannot be told."""
        findings = []
        for reported in result.findings:
            finding = self._finding(reported.finding)
            if finding is None:
                return None
            findings.append(Reported(finding, None if reported.assumed is None else self._where(reported.assumed)))
        told = []
        for each in result.inferred:
            span = self._span(each.span)
            if span is None:
                return None
            told.append(evolve(each, span=span))
        entered = frozenset(map(self._where, result.entered))
        return evolve(result, findings=tuple(findings), entered=entered, inferred=tuple(told))

    def _where(self, place: Where) -> Where:
        path, number, at = place
        return (path, self._numbers[path].get(number, number), at) if path in self._numbers else place

    def _finding(self, finding: Finding) -> Finding | None:
        places = {finding.span, *(note.span for note in finding.related)}
        edited = {edit.span.path for fix in finding.fixes for edit in fix.edits}
        if self.changes.keys().isdisjoint({place.path for place in places} | edited):
            return finding
        now = {place: self._span(place) for place in places}
        fixes = [self._fix(fix) for fix in finding.fixes]
        if None in now.values() or None in fixes:
            return None
        spans = {place: span for place, span in now.items() if span is not None}
        related = tuple(Note(spans[note.span], note.message) for note in finding.related)
        mended = tuple(fix for fix in fixes if fix is not None)
        return evolve(finding, span=spans[finding.span], related=related, fixes=mended)

    def _fix(self, fix: Fix) -> Fix | None:
        """The fix in the new texts; None if it might be written otherwise there."""
        edits = []
        for edit in fix.edits:
            span = self._span(edit.span)
            if span is None or not self._is_unchanged(edit.span, span):
                return None
            edits.append(evolve(edit, span=span))
        return evolve(fix, edits=tuple(edits))

    def _span(self, place: Span) -> Span | None:
        if place.path not in self.changes:
            return place
        for old, new in self.pairs[place.path]:
            if old.start <= place.start and place.end <= old.end:
                found = moved(old, new, place.start, place.end)
                return None if found is None else Span(place.path, *found)
        return None

    def _is_unchanged(self, place: Span, now: Span) -> bool:
        """Whether the lines of a place and the line of code above them are the same."""
        if place.path not in self.changes:
            return True
        before, after = self.changes[place.path]
        return _around(before.original, place) == _around(after.original, now)


def _around(text: bytes, place: Span) -> tuple[bytes, bytes, bytes]:
    """The lines of a place, before and behind it, and the line of code above them."""
    first = text.rfind(b"\n", 0, place.start) + 1
    last = text.find(b"\n", place.end) + 1 or len(text)
    return text[first : place.end], text[place.end : last], _code_above(text, first)


def _code_above(text: bytes, at: int) -> bytes:
    """The nearest line above that is more than a comment."""
    while at > 0:
        start = text.rfind(b"\n", 0, at - 1) + 1
        line = text[start:at].strip()
        if line and not line.startswith(b"#"):
            return text[start:at]
        at = start
    return b""
