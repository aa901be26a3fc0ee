"""Accepting what is found in a folder now, as `trainlint baseline` does: files count as they lie on the disk."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from attrs import define, field, frozen
from lsprotocol import types

from trainlint.cli.paths import Paths
from trainlint.engine.accepting import Acceptance, accept
from trainlint.engine.memory import Memory, memory_at
from trainlint.engine.project import Request
from trainlint.rules.catalogue import catalogue
from trainlint.server.checker import Checker
from trainlint.server.desk import Superseded
from trainlint.server.office import by_folder
from trainlint.server.progress import Progress
from trainlint.server.snapshot import Snapshot
from trainlint.server.survey import Work, jobs
from trainlint.server.threads import deep_thread, later
from trainlint.settings import SettingsError, SettingsFiles
from trainlint.source.sources import Sources


@frozen
class Accepted:
    """What came of it in one folder."""

    acceptance: Acceptance
    unsaved: tuple[str, ...]
    """The open files that are not as they lie on the disk."""

    def messages(self, name: str) -> Iterator[types.ShowMessageParams]:
        """What is to be said, after the name."""
        if self.acceptance.problems:
            yield types.ShowMessageParams(types.MessageType.Error, name + "; ".join(self.acceptance.problems))
        if remarks := list(self._remarks()):
            yield types.ShowMessageParams(types.MessageType.Info, name + "; ".join(remarks))

    def _remarks(self) -> Iterator[str]:
        for change in self.acceptance.changes:
            yield change.message
            if change.setting is not None:
                yield f"to use it, say `{change.setting}` in the settings"
        yield from self.acceptance.notes
        if self.unsaved:
            yield f"what is not saved does not count: {', '.join(self.unsaved)}"


@define
class Accepting:
    """Belongs to the event loop. One folder at a time, in a thread that lets checks of what is open go first."""

    checker: Checker
    snapshot: Callable[[], Snapshot]
    _thread: ThreadPoolExecutor | None = None
    _stop: threading.Event = field(factory=threading.Event)
    _lock: asyncio.Lock = field(factory=asyncio.Lock)

    async def accept(self, root: Path, progress: Progress) -> Accepted | None:
        """Accept what is found in a folder; None if the session ends before."""
        async with self._lock:
            if self.checker.closed:
                return None
            if self._thread is None:
                self._thread = deep_thread("accept")
            self._stop = stop = threading.Event()
            loop, snapshot = asyncio.get_running_loop(), self.snapshot()

            def tell(done: int, total: int) -> None:
                later(loop, progress.report, done, total)

            def work() -> Accepted | None:
                try:
                    return _accepted(root, snapshot, Work(stop, lambda: self.checker.busy, tell))
                except Superseded:
                    return None

            try:
                return await loop.run_in_executor(self._thread, work)
            finally:
                stop.set()
                progress.end()

    def close(self) -> None:
        """Stop as soon as the unit at hand is done."""
        self._stop.set()
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)


def _accepted(root: Path, snapshot: Snapshot, work: Work) -> Accepted:
    """Raises Superseded once the work is to stop."""
    settings = SettingsFiles(catalogue().vocabulary, cwd=root, overlays=(snapshot.configuration(root).layer,))
    paths, sources = Paths(root, settings), Sources(root, steady=True)
    files, problems = paths.found(["."])
    memory = _memory(settings, sources)
    work.done(0, len(files))
    request = Request(
        files=files,
        sources=sources,
        settings=paths.settings,
        catalogue=catalogue(),
        cwd=root,
        given=(root,),
        jobs=jobs(),
        memory=memory,
        progress=lambda done, unknown: work.done(len(files) - unknown + done, len(files)),
    )
    try:
        acceptance = accept(request, problems)
    finally:
        if memory is not None:
            memory.save()
    return Accepted(acceptance, tuple(_unsaved(root, snapshot, sources, files)))


def _memory(settings: SettingsFiles, sources: Sources) -> Memory | None:
    try:
        return memory_at(settings.at(sources.root).root, sources)
    except SettingsError:
        return None  # to be reported with the files


def _unsaved(root: Path, snapshot: Snapshot, sources: Sources, files: Collection[str]) -> Iterator[str]:
    for opened in by_folder(snapshot).get(root, ()):
        try:
            saved = sources.get(opened.path)
        except OSError:
            continue  # reported, if it is to be checked
        if saved is None or (opened.path in files and saved.original != opened.source(None).original):
            yield opened.path
