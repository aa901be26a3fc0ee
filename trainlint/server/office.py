"""All desks, and the check of a snapshot on them. Only the thread that checks works here."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from attrs import define, field
from lsprotocol.types import Location

from trainlint.engine.report import Report
from trainlint.model import Span
from trainlint.rules.catalogue import catalogue
from trainlint.server.addresses import Address, address
from trainlint.server.desk import Desk, Open
from trainlint.server.diagnostics import diagnostic, identity
from trainlint.server.outcome import Found, Outcome, View
from trainlint.server.sheets import sheets
from trainlint.server.snapshot import Snapshot
from trainlint.server.texts import Notebook, Text


@define
class Office:
    """One desk per folder."""

    _desks: dict[Path, Desk] = field(factory=dict)

    def check(self, snapshot: Snapshot, stop: threading.Event) -> Outcome:
        """Check what is open; raises Superseded once ``stop`` is set."""
        views: dict[str, View] = {}
        failures: list[str] = []
        tracebacks: list[str] = []
        vocabulary = catalogue().vocabulary
        placed: dict[Path, list[Open]] = {}
        everything: tuple[Text | Notebook, ...] = (*snapshot.documents, *snapshot.notebooks)
        for held in everything:
            place = address(held.uri, snapshot.folders, vocabulary)
            placed.setdefault(place.root, []).append(Open(place.path, held))
        for root in self._desks.keys() - placed.keys():
            del self._desks[root]
        for root, documents in placed.items():
            desk = self._desks.setdefault(root, Desk(root))
            desk.lay(documents, snapshot)
            report = desk.check(stop)
            views.update((view.sheet.uri, view) for view in _views(desk, report, snapshot))
            failures += report.failures
            tracebacks += report.tracebacks
        return Outcome(snapshot.revision, views, tuple(failures), tuple(tracebacks))


def _views(desk: Desk, report: Report, snapshot: Snapshot) -> Iterator[View]:
    """What was found, by document and cell."""
    by_path = {
        opened.path: list(sheets(desk.root, source, opened.uris, snapshot.encoding)) for opened, source in desk.open
    }

    def locate(span: Span) -> Location | None:
        for sheet in by_path.get(span.path, ()):
            if sheet.holds(span.start):
                return Location(sheet.uri, sheet.range(span.start, span.end))
        return None if span.path in by_path else _on_disk(desk, span, snapshot.encoding)

    found: dict[str, list[Found]] = {}
    for finding in report.findings:
        location = locate(finding.span)
        if location is not None:
            fingerprint = report.fingerprints[finding.identity]
            related = snapshot.client.related
            shown = diagnostic(finding, fingerprint, location.range, locate, related=related)
            found.setdefault(location.uri, []).append(Found(finding, shown))
    for parts in by_path.values():
        for sheet in parts:
            here = tuple(found.get(sheet.uri, ()))
            yield View(sheet, here, identity([each.diagnostic for each in here]))


def _on_disk(desk: Desk, span: Span, encoding: str) -> Location | None:
    """A place in a file that is not open; none in a notebook, whose cells have no URI then."""
    try:
        source = desk.sources.get(span.path)
    except OSError:
        return None
    if source is None or source.cells:
        return None
    uri = Address(desk.root, span.path).uri
    (sheet,) = sheets(desk.root, source, ((uri, None),), encoding)
    return Location(uri, sheet.range(span.start, span.end))
