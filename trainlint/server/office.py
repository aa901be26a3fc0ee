"""All desks, and the check of a snapshot on them. Only the thread that checks works here."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from attrs import define, field

from trainlint.rules.catalogue import catalogue
from trainlint.server.addresses import address
from trainlint.server.desk import Desk, Open
from trainlint.server.mending import Change, mended
from trainlint.server.outcome import Outcome, View
from trainlint.server.snapshot import Snapshot
from trainlint.server.texts import Notebook, Text
from trainlint.server.views import opened


@define
class Office:
    """One desk per folder."""

    _desks: dict[Path, Desk] = field(factory=dict)

    def check(self, snapshot: Snapshot, stop: threading.Event) -> Outcome:
        """Check what is open; raises Superseded once ``stop`` is set."""
        views: dict[str, View] = {}
        failures: list[str] = []
        tracebacks: list[str] = []
        notes: list[str] = []
        for desk in self._laid(snapshot):
            report = desk.check(stop)
            views.update((view.sheet.uri, view) for view in opened(desk, report, snapshot))
            failures += report.failures
            tracebacks += report.tracebacks
            notes += report.notes
        return Outcome(snapshot.revision, views, tuple(failures), tuple(tracebacks), tuple(notes))

    def mend(self, snapshot: Snapshot, uri: str, stop: threading.Event) -> list[Change]:
        """What all safe fixes together change in a document, or in the notebook of a cell."""
        for desk in self._laid(snapshot):
            if held := desk.opened(uri):
                desk.check(stop)
                return mended(desk, *held, stop)
        return []

    def _laid(self, snapshot: Snapshot) -> list[Desk]:
        """The desks, with what is open on them."""
        placed = by_folder(snapshot)
        for root in self._desks.keys() - placed.keys():
            del self._desks[root]
        for root, documents in placed.items():
            self._desks.setdefault(root, Desk(root)).lay(documents, snapshot)
        return [self._desks[root] for root in placed]


def by_folder(snapshot: Snapshot) -> Mapping[Path, list[Open]]:
    """What is open, by the folder to which it belongs."""
    vocabulary = catalogue().vocabulary
    placed: dict[Path, list[Open]] = {}
    everything: tuple[Text | Notebook, ...] = (*snapshot.documents, *snapshot.notebooks)
    for held in everything:
        place = address(held.uri, snapshot.folders, vocabulary)
        placed.setdefault(place.root, []).append(Open(place.path, held))
    return placed
