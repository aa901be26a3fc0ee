"""The check of whole folders: every file in them that is not open in the editor."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attrs import define, evolve, field

from trainlint.cli.paths import Paths
from trainlint.engine.report import Report
from trainlint.model import Confidence
from trainlint.server.desk import Desk, Superseded
from trainlint.server.office import by_folder
from trainlint.server.options import WORKSPACE
from trainlint.server.outcome import View
from trainlint.server.snapshot import Snapshot
from trainlint.server.views import closed

FIRST, GROWTH = 16, 4  # files that are checked before anything is told of them; how many times more after that
PAUSE = 0.02
Tell = Callable[[int, int], None]  # how many files are done, of how many
Show = Callable[[Sequence[View]], None]


@define
class Survey:
    """Checks folders, and remembers what was found. Only one thread works here, and never the one that checks what is
    open: an edit does not wait for it. ``busy`` says whether to let another check go first."""

    busy: Callable[[], bool]
    _desks: dict[Path, Desk] = field(factory=dict)

    def check(self, snapshot: Snapshot, stop: threading.Event, tell: Tell, show: Show) -> Mapping[str, View]:
        """The views of all files; raises Superseded once ``stop`` is set.

        ``show`` is told early of those files in which something was found that no other file can take back.
        """
        views: dict[str, View] = {}
        laid = by_folder(snapshot)
        roots = [each for each in snapshot.folders if snapshot.configuration(each).options.diagnostic_mode == WORKSPACE]
        for root in self._desks.keys() - set(roots):
            del self._desks[root]
        for root in roots:
            desk = self._desks.setdefault(root, Desk(root))
            desk.lay(laid.get(root, ()), snapshot)
            open_here = {opened.path for opened, _ in desk.open}
            files = [path for path in self._files(desk, snapshot) if path not in open_here]
            size = FIRST
            while size < len(files):
                report = self._report(desk, stop, files[:size], tell, len(files))
                show([each for each in closed(desk, _certain(report), snapshot, files[:size]) if each.found])
                size *= GROWTH
            report = self._report(desk, stop, files, tell, len(files))
            views.update((view.sheet.uri, view) for view in closed(desk, report, snapshot, files))
        return views

    def _report(self, desk: Desk, stop: threading.Event, files: Sequence[str], tell: Tell, total: int) -> Report:
        begun = 0

        def wait() -> None:
            nonlocal begun
            tell(begun, total)
            begun += 1
            while self.busy() and not stop.is_set():
                time.sleep(PAUSE)

        if stop.is_set():
            raise Superseded
        return desk.check(stop, files, wait=wait)

    def _files(self, desk: Desk, snapshot: Snapshot) -> list[str]:
        """The files of a folder, without those of folders within it that are open for themselves."""
        inner = [each for each in snapshot.folders if each != desk.root and each.is_relative_to(desk.root)]
        found, _ = Paths(desk.root, desk.settings).found(["."])
        return [path for path in found if not any((desk.root / path).is_relative_to(each) for each in inner)]


def _certain(report: Report) -> Report:
    """What stays true whatever other files say."""
    return evolve(report, findings=tuple(each for each in report.findings if each.confidence >= Confidence.HIGH))
