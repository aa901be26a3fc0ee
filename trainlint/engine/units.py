"""Units that are checked again and again: a result holds for as long as the program that it rests on means the same."""

from __future__ import annotations

from attrs import define, evolve, field

from trainlint.engine import unit
from trainlint.engine.reading import Reading, same_outlines, same_program
from trainlint.engine.unit import Reported, Result, UnitOptions
from trainlint.model import Edit, Finding, Note, Span
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
    return evolve(result, findings=tuple(findings))


def _finding(finding: Finding, changes: Changes) -> Finding | None:
    places = {finding.span, *(note.span for note in finding.related)}
    edited = {edit.span for fix in finding.fixes for edit in fix.edits}
    if changes.keys().isdisjoint({place.path for place in places | edited}):
        return finding
    spans = {place: now for place in places | edited if (now := _span(place, changes)) is not None}
    if len(spans) < len(places | edited) or any(
        _text(spans[each], 1, changes) != _text(each, 0, changes) for each in edited
    ):
        return None  # an edit may repeat what it replaces
    related = tuple(Note(spans[note.span], note.message) for note in finding.related)
    fixes = tuple(
        evolve(fix, edits=tuple(Edit(spans[edit.span], edit.content) for edit in fix.edits)) for fix in finding.fixes
    )
    return evolve(finding, span=spans[finding.span], related=related, fixes=fixes)


def _text(place: Span, version: int, changes: Changes) -> bytes:
    """What stands there, before or after the changes; nothing in a file that has not changed."""
    return changes[place.path][version].original[place.start : place.end] if place.path in changes else b""


def _span(place: Span, changes: Changes) -> Span | None:
    if place.path not in changes:
        return place
    before, after = changes[place.path]
    for old, new in zip(before.segments, after.segments, strict=False):
        if old.start <= place.start and place.end <= old.end:
            found = moved(old, new, place.start, place.end)
            return None if found is None else Span(place.path, *found)
    return None
