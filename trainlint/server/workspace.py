"""Requests for the diagnostics of the whole workspace: answered when there is something to say, and held until then."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from attrs import define, field
from lsprotocol import types

from trainlint.server.checker import Checker
from trainlint.server.desk import Superseded
from trainlint.server.options import WORKSPACE
from trainlint.server.outcome import View
from trainlint.server.progress import Progress
from trainlint.server.snapshot import Snapshot
from trainlint.server.survey import Survey
from trainlint.server.threads import deep_thread, later

QUIET = 0.4  # seconds without a change before all files are looked at again
BATCH = 50  # files in one partial result
Full = types.WorkspaceFullDocumentDiagnosticReport
Unchanged = types.WorkspaceUnchangedDocumentDiagnosticReport
Stream = Callable[[list["Full | Unchanged"]], None]


@define
class Workspace:
    """Belongs to the event loop."""

    checker: Checker
    snapshot: Callable[[], Snapshot]
    _survey: Survey = field(init=False)
    _thread: ThreadPoolExecutor | None = None
    _stop: threading.Event = field(factory=threading.Event)
    _lock: asyncio.Lock = field(factory=asyncio.Lock)
    _views: Mapping[str, View] = field(factory=dict)
    _revision: int = -1
    _empty_at: int = -1

    def __attrs_post_init__(self) -> None:
        self._survey = Survey(lambda: self.checker.busy)

    async def answer(
        self, previous: Mapping[str, str], stream: Stream | None, progress: Progress
    ) -> types.WorkspaceDiagnosticReport:
        """What is to be told to a client that knows ``previous`` result ids by URI. With a ``stream`` it goes there."""
        known = dict(previous)
        revision = -1
        while not self.checker.closed:
            if revision >= 0:
                await self.checker.changed_since(revision)
                await asyncio.sleep(QUIET)
            revision = self.checker.revision
            if self.checker.closed or not self._wanted():
                continue
            try:
                items = list(reports(await self._all(known, stream, progress), known))
            finally:
                progress.end()
            changed = known != previous or any(isinstance(each, Full) for each in items)
            if changed or (not known and self._empty_at != revision):
                self._empty_at = revision if not items else self._empty_at
                if stream is None:
                    return types.WorkspaceDiagnosticReport(items=list(items))
                for start in range(0, len(items), BATCH):
                    stream(items[start : start + BATCH])
                break
        return types.WorkspaceDiagnosticReport(items=[])

    def close(self) -> None:
        """Stop as soon as the unit at hand is done."""
        self._stop.set()
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)

    def _wanted(self) -> bool:
        snapshot = self.snapshot()
        return any(snapshot.configuration(each).options.diagnostic_mode == WORKSPACE for each in snapshot.folders)

    async def _all(self, known: dict[str, str], stream: Stream | None, progress: Progress) -> list[View]:
        """The views of open documents and of all other files."""
        outcome = await self.checker.outcome()
        async with self._lock:
            if self._revision < outcome.revision:
                snapshot, early = self.snapshot(), self._early(known, stream)
                self._views = await self._surveyed(snapshot, early, progress)
                self._revision = snapshot.revision
        opened = [view for view in outcome.views.values() if not view.sheet.source.cells]
        return [*opened, *(view for uri, view in self._views.items() if uri not in outcome.views)]

    def _early(self, known: dict[str, str], stream: Stream | None) -> Callable[[Sequence[View]], None]:
        def show(views: Sequence[View]) -> None:
            if stream is None:
                return
            fresh = [each for each in reports(views, known, gone=False) if isinstance(each, Full)]
            known.update((each.uri, each.result_id or "") for each in fresh)
            if fresh:
                stream(list(fresh))

        return show

    async def _surveyed(
        self, snapshot: Snapshot, early: Callable[[Sequence[View]], None], progress: Progress
    ) -> Mapping[str, View]:
        loop, stop = asyncio.get_running_loop(), threading.Event()
        self._stop = stop
        if self._thread is None:
            self._thread = deep_thread("survey")

        def work() -> Mapping[str, View] | None:
            try:
                return self._survey.check(
                    snapshot,
                    stop,
                    lambda done, total: later(loop, progress.report, done, total),
                    lambda views: later(loop, early, views),
                )
            except Superseded:
                return None

        try:
            found = await loop.run_in_executor(self._thread, work)
        finally:
            stop.set()
        return self._views if found is None else found


def reports(views: Iterable[View], known: Mapping[str, str], *, gone: bool = True) -> Iterator[Full | Unchanged]:
    """A report for each view; with ``gone`` also for each file that is not there any more."""
    seen = set()
    for view in views:
        uri, version = view.sheet.uri, view.sheet.version
        seen.add(uri)
        if known.get(uri) == view.id:
            yield Unchanged(uri, result_id=view.id, version=version)
        else:
            yield Full(uri, items=view.diagnostics, result_id=view.id, version=version)
    for uri in known.keys() - seen if gone else ():
        yield Full(uri, items=[])
