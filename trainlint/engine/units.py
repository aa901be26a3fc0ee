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
    """Where a place lies now, if the lines around it are the same."""
    if place.path not in changes:
        return place
    before, after = changes[place.path]
    start = before.original.rfind(b"\n", 0, max(0, before.original.rfind(b"\n", 0, place.start))) + 1
    end = before.original.find(b"\n", place.end) + 1 or len(before.original)
    for old, new in zip(before.segments, after.segments, strict=False):
        if old.start <= place.start and place.end <= old.end:
            around = max(start, old.start), min(end, old.end)
            found = moved(old, new, *around)
            if found is None or before.original[slice(*around)] != after.original[slice(*found)]:
                return None
            shift = found[0] - around[0]
            return Span(place.path, place.start + shift, place.end + shift)
    return None


def _span(place: Span, changes: Changes) -> Span | None:
    if place.path not in changes:
        return place
    before, after = changes[place.path]
    for old, new in zip(before.segments, after.segments, strict=False):
        if old.start <= place.start and place.end <= old.end:
            found = moved(old, new, place.start, place.end)
            return None if found is None else Span(place.path, *found)
    return None
