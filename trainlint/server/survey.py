"""The check of whole folders: every file in them that is not open in the editor."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attrs import define, evolve, field

from trainlint.cli.paths import Paths
from trainlint.engine.memory import Memory, memory_at
from trainlint.engine.project import check
from trainlint.engine.report import Report
from trainlint.engine.workers import usable_cpus
from trainlint.model import Confidence
from trainlint.server.desk import Desk, Superseded
from trainlint.server.office import by_folder
from trainlint.server.options import WORKSPACE
from trainlint.server.outcome import View
from trainlint.server.snapshot import Snapshot
from trainlint.server.views import closed
from trainlint.settings import SettingsError
from trainlint.source.sources import Sources

FIRST, GROWTH = 16, 4  # files that are checked before anything is told of them; how many times more after that
PAUSE = 0.02
MANY_CPUS = 3  # with fewer, other processes would leave none for what is open
Tell = Callable[[int, int], None]  # how many files are done, of how many
Show = Callable[[Sequence[View]], None]


@define
class _Area:
    """A folder: its desk, and what is known of the files as they lie on the disk."""

    desk: Desk
    memory: Memory | None = None
    learned: object = None
    """What there was to be learnt when it was."""


@define
class Survey:
    """Checks folders, and remembers what was found. Only one thread works here, and never the one that checks what is
    open: an edit does not wait for it. ``busy`` says whether to let another check go first.

    Files are first checked as they lie on the disk, in other processes if they are many, and what was found is kept
    where the command line keeps it. Then only what unsaved texts have a part in is left.
    """

    busy: Callable[[], bool]
    _areas: dict[Path, _Area] = field(factory=dict)

    def check(self, snapshot: Snapshot, stop: threading.Event, tell: Tell, show: Show) -> Mapping[str, View]:
        """The views of all files; raises Superseded once ``stop`` is set.

        ``show`` is told early of those files in which something was found that no other file can take back.
        """
        views: dict[str, View] = {}
        laid = by_folder(snapshot)
        roots = [each for each in snapshot.folders if snapshot.configuration(each).options.diagnostic_mode == WORKSPACE]
        for root in self._areas.keys() - set(roots):
            del self._areas[root]
        for root in roots:
            area = self._areas.setdefault(root, _Area(Desk(root)))
            desk = area.desk
            desk.lay(laid.get(root, ()), snapshot)
            everything = self._files(desk, snapshot)
            open_here = {opened.path for opened, _ in desk.open}
            files = [path for path in everything if path not in open_here]
            work = Work(stop, self.busy, tell)
            size = FIRST if area.learned is None else len(files)
            while size < len(files):
                report = self._report(area, work, files[:size])
                show([each for each in closed(desk, _certain(report), snapshot, files[:size]) if each.found])
                size *= GROWTH
            there = (snapshot.disk, snapshot.rules, snapshot.configuration(root), everything)
            report = self._report(area, work, files, is_new=area.learned != there)
            area.learned = there
            views.update((view.sheet.uri, view) for view in closed(desk, report, snapshot, files))
        return views

    def _report(self, area: _Area, work: Work, files: Sequence[str], *, is_new: bool = True) -> Report:
        if is_new:
            area.memory = _learned(area.desk, work, files)
        work.next()
        memory = None if area.memory is None else area.memory.seen_by(area.desk.sources)
        return area.desk.check(work.stop, files, wait=work.next, memory=memory)

    def _files(self, desk: Desk, snapshot: Snapshot) -> list[str]:
        """The files of a folder, without those of folders within it that are open for themselves."""
        inner = [each for each in snapshot.folders if each != desk.root and each.is_relative_to(desk.root)]
        found, _ = Paths(desk.root, desk.settings).found(["."])
        return [path for path in found if not any((desk.root / path).is_relative_to(each) for each in inner)]


@define
class Work:
    """Some units after each other."""

    stop: threading.Event
    busy: Callable[[], bool]
    tell: Tell

    def done(self, done: int, total: int) -> None:
        """So many of so many are done; wait for the next."""
        self.tell(done, total)
        self.next()

    def next(self) -> None:
        """Wait until there is time for the next one; raises Superseded if there is no need for it any more."""
        while self.busy() and not self.stop.is_set():
            time.sleep(PAUSE)
        if self.stop.is_set():
            raise Superseded


def _learned(desk: Desk, work: Work, files: Sequence[str]) -> Memory | None:
    """What is known of files as they lie on the disk, now that they are checked; None if the settings are no good."""
    sources = Sources(desk.root, steady=True)
    try:
        memory = memory_at(desk.settings.at(desk.root).root, sources)
    except SettingsError:
        return None  # to be reported with the files

    def progress(done: int, unknown: int) -> None:
        work.done(len(files) - unknown + done, len(files))

    request = desk.request(files, sources, None, (desk.root,))
    try:
        check(evolve(request, memory=memory, jobs=jobs(), progress=progress))
    finally:
        memory.save()
    return memory


def jobs() -> int | None:
    """How many processes may share the work; None: as many as is best."""
    return None if usable_cpus() >= MANY_CPUS else 1


def _certain(report: Report) -> Report:
    """What stays true whatever other files say."""
    return evolve(report, findings=tuple(each for each in report.findings if each.confidence >= Confidence.HIGH))
