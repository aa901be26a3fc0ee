"""What a check has found, put where the client looks for it: by document and cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol.types import Location

from trainlint.engine.report import Report
from trainlint.engine.results import Inferred
from trainlint.model import Span
from trainlint.server.addresses import Address
from trainlint.server.desk import Desk
from trainlint.server.diagnostics import diagnostic, identity
from trainlint.server.outcome import Found, View
from trainlint.server.sheets import Sheet, sheets
from trainlint.server.snapshot import Snapshot


def opened(desk: Desk, report: Report, snapshot: Snapshot) -> Iterator[View]:
    """The views of what is open on a desk."""
    finder = _Finder(desk, snapshot)
    found, hints = finder.found(report), _by_path(desk.inferred)
    for parts in finder.open.values():
        for sheet in parts:
            here = tuple(found.get(sheet.uri, ()))
            known = tuple(each for each in hints.get(sheet.source.path, ()) if sheet.holds(each.span.start))
            yield View(sheet, here, identity([each.diagnostic for each in here]), known)


def closed(desk: Desk, report: Report, snapshot: Snapshot, paths: Sequence[str]) -> Iterator[View]:
    """The views of files that are not open. Notebooks have none: the URIs of their cells are the client's affair."""
    finder = _Finder(desk, snapshot)
    found = finder.found(report)
    for path in paths:
        sheet = finder.on_disk(path)
        if sheet is not None:
            here = tuple(found.get(sheet.uri, ()))
            yield View(sheet, here, identity([each.diagnostic for each in here]))


def _by_path(inferred: Sequence[Inferred]) -> dict[str, list[Inferred]]:
    grouped: dict[str, list[Inferred]] = {}
    for each in inferred:
        grouped.setdefault(each.span.path, []).append(each)
    return grouped


class _Finder:
    """Finds the document of a place."""

    def __init__(self, desk: Desk, snapshot: Snapshot) -> None:
        self._desk, self._snapshot = desk, snapshot
        self.open = {
            opened.path: list(sheets(desk.root, source, opened.uris, snapshot.encoding)) for opened, source in desk.open
        }

    def found(self, report: Report) -> dict[str, list[Found]]:
        """The findings by the URI of their document."""
        found: dict[str, list[Found]] = {}
        for finding in report.findings:
            location = self.locate(finding.span)
            if location is not None:
                fingerprint = report.fingerprints[finding.identity]
                related = self._snapshot.client.related
                shown = diagnostic(finding, fingerprint, location.range, self.locate, related=related)
                found.setdefault(location.uri, []).append(Found(finding, shown, fingerprint))
        return found

    def locate(self, span: Span) -> Location | None:
        for sheet in self.open.get(span.path, ()):
            if sheet.holds(span.start):
                return Location(sheet.uri, sheet.range(span.start, span.end))
        file = None if span.path in self.open else self.on_disk(span.path)
        return None if file is None else Location(file.uri, file.range(span.start, span.end))

    def on_disk(self, path: str) -> Sheet | None:
        """A file that is not open; none for a notebook, whose cells have no URI then."""
        try:
            source = self._desk.sources.get(path)
        except OSError:
            return None
        if source is None or source.cells or path.endswith(".ipynb"):
            return None
        uri = Address(self._desk.root, path).uri
        (sheet,) = sheets(self._desk.root, source, ((uri, None),), self._snapshot.encoding)
        return sheet
