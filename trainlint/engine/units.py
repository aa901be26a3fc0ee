"""Units that are checked again and again: a result holds for as long as the program that it rests on means the same."""

from __future__ import annotations

from attrs import define, evolve, field

from trainlint.engine import unit
from trainlint.engine.reading import Reading, same_outlines, same_program
from trainlint.engine.unit import Reported, Result, UnitOptions
from trainlint.model import Finding, Fix, Note, Span
from trainlint.source.source import Source
from trainlint.source.sources import Sources
from trainlint.syntax.spans import moved

Changes = dict[str, tuple[Source, Source]]


@define
class _Known:
    options: UnitOptions
    reading: Reading
    result: Result


@define
class Units:
    """Checks units, and remembers for each root what its result rests on."""

    _known: dict[str, _Known] = field(factory=dict)

    def check(self, path: str, sources: Sources, options: UnitOptions) -> Result:
        """The same as `unit.check`, without work where a change in the texts cannot matter."""
        known = self._known.get(path)
        reading = Reading(sources)
        if known is not None and known.options == options:
            changes = known.reading.changed(sources)
            if changes is not None:
                result = _shifted(known.result, changes)
                if result is not None:
                    known.result = result
                    known.reading.texts.update((name, after) for name, (_, after) in changes.items())
                    return result
                keep = all(same_outlines(*versions) for versions in changes.values())
                reading = known.reading.again(sources, changes, keep)
        self._known.pop(path, None)
        result = unit.check(path, reading, options)
        self._known[path] = _Known(options, reading, result)
        return result

    def settle(self, path: str) -> None:
        """Keep of a root only its result, and what that rests on: it is not being edited."""
        known = self._known.get(path)
        if known is not None:
            known.reading.derived, known.reading.tables, known.reading.located = {}, {}, {}

    def readers(self, path: str) -> list[str]:
        """The roots whose results rest on the text of a file."""
        return [root for root, known in self._known.items() if path in known.reading.texts]

    def forget(self, path: str | None = None) -> None:
        """Drop what is known of one root, or of all."""
        if path is None:
            self._known.clear()
        else:
            self._known.pop(path, None)


def _shifted(result: Result, changes: Changes) -> Result | None:
    """The result with its places in the new texts; None if it might be another one."""
    if not all(same_program(*versions) for versions in changes.values()):
        return None
    findings = []
    for reported in result.findings:
        finding = _finding(reported.finding, changes)
        if finding is None:
            return None
        findings.append(Reported(finding, reported.assumed))
    told = []
    for each in result.inferred:
        span = _span(each.span, changes)
        if span is None:
            return None
        told.append(evolve(each, span=span))
    return evolve(result, findings=tuple(findings), inferred=tuple(told))


def _finding(finding: Finding, changes: Changes) -> Finding | None:
    places = {finding.span, *(note.span for note in finding.related)}
    edited = {edit.span.path for fix in finding.fixes for edit in fix.edits}
    if changes.keys().isdisjoint({place.path for place in places} | edited):
        return finding
    now = {place: _span(place, changes) for place in places}
    fixes = [_fix(fix, changes) for fix in finding.fixes]
    if None in now.values() or None in fixes:
        return None
    spans = {place: span for place, span in now.items() if span is not None}
    related = tuple(Note(spans[note.span], note.message) for note in finding.related)
    mended = tuple(fix for fix in fixes if fix is not None)
    return evolve(finding, span=spans[finding.span], related=related, fixes=mended)


def _fix(fix: Fix, changes: Changes) -> Fix | None:
    """The fix in the new texts; None if it might be written otherwise there."""
    edits = []
    for edit in fix.edits:
        span = _unchanged(edit.span, changes)
        if span is None:
            return None
        edits.append(evolve(edit, span=span))
    return evolve(fix, edits=tuple(edits))


def _unchanged(place: Span, changes: Changes) -> Span | None:
    """Where a place lies now, if its lines and the line of code above them are the same."""
    if place.path not in changes:
        return place
    before, after = changes[place.path]
    for old, new in zip(before.segments, after.segments, strict=False):
        if old.start <= place.start and place.end <= old.end:
            found = moved(old, new, place.start, place.end)
            if found is None or _around(before.original, place.start, place.end) != _around(after.original, *found):
                return None
            return Span(place.path, *found)
    return None


def _around(text: bytes, start: int, end: int) -> tuple[bytes, bytes, bytes]:
    """The lines of a place, before and behind it, and the line of code above them."""
    first = text.rfind(b"\n", 0, start) + 1
    last = text.find(b"\n", end) + 1 or len(text)
    return text[first:end], text[end:last], _code_above(text, first)


def _code_above(text: bytes, at: int) -> bytes:
    """The nearest line above that is more than a comment."""
    while at > 0:
        start = text.rfind(b"\n", 0, at - 1) + 1
        line = text[start:at].strip()
        if line and not line.startswith(b"#"):
            return text[start:at]
        at = start
    return b""


def _span(place: Span, changes: Changes) -> Span | None:
    if place.path not in changes:
        return place
    before, after = changes[place.path]
    for old, new in zip(before.segments, after.segments, strict=False):
        if old.start <= place.start and place.end <= old.end:
            found = moved(old, new, place.start, place.end)
            return None if found is None else Span(place.path, *found)
    return None
