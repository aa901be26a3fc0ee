"""When checks run: one at a time in a thread of their own, never for texts that have changed meanwhile."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from trainlint.server.desk import Superseded
from trainlint.server.outcome import Outcome
from trainlint.server.threads import deep_thread

LONGEST_WAIT = 0.5
PATIENCE = 3  # checks in a row that edits may break off
T = TypeVar("T")
Work = Callable[[threading.Event], Outcome]


class Checker:
    """Keeps the newest outcome. All methods belong to the event loop.

    ``prepare`` takes a snapshot and gives the work to be done on it in the thread; ``deliver`` is told of every
    outcome, ``fail`` of an error that no unit contained.
    """

    def __init__(
        self,
        prepare: Callable[[int], Work],
        deliver: Callable[[Outcome], None],
        fail: Callable[[Exception], None],
    ) -> None:
        self.revision = 0
        self.latest: Outcome | None = None
        self.closed = False
        self._prepare, self._deliver, self._fail = prepare, deliver, fail
        self._thread = deep_thread("check", _load)
        self._running: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop = threading.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._news = asyncio.Event()
        self._last_edit = 0.0
        self._broken_off = 0  # checks in a row
        self.last_duration = 0.0  # of a check, in seconds

    def changed(self) -> None:
        """Something that findings depend on is another one now: check again, soon."""
        self.revision += 1
        if self._broken_off < PATIENCE:
            self._stop.set()
        self._tell()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._wait(), self._due)

    def _wait(self) -> float:
        """How long to wait for more edits: not at all after a pause, within a burst as long as a check takes."""
        now = time.monotonic()
        pause, self._last_edit = now - self._last_edit, now
        duration = self.last_duration
        return 0.0 if pause > max(0.3, 2 * duration) else min(duration, LONGEST_WAIT)

    def _due(self) -> None:
        self._timer = None
        task = asyncio.ensure_future(self._background())
        self._tasks.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._tasks.discard)

    async def _background(self) -> None:
        try:
            await self.outcome()
        except Exception as error:
            self._fail(error)

    async def outcome(self) -> Outcome:
        """The outcome for the texts of this moment, or later ones. Whoever is cancelled here only stops waiting."""
        wanted = self.revision
        while self.latest is None or self.latest.revision < wanted:
            if self._running is None:
                self._running = asyncio.ensure_future(self._run())
            await asyncio.shield(self._running)
        return self.latest

    async def run(self, work: Callable[[], T]) -> T:
        """Something else that is to be done in the thread of the checks."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def changed_since(self, revision: int) -> None:
        """Wait for a change after ``revision``, or for the end."""
        while self.revision == revision and not self.closed:
            await self._news.wait()

    @property
    def busy(self) -> bool:
        """Whether a check is under way or due."""
        return self._running is not None or self._timer is not None

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _run(self) -> None:
        self._stop = threading.Event()
        work, stop = self._prepare(self.revision), self._stop
        started = time.monotonic()
        try:
            outcome = await asyncio.get_running_loop().run_in_executor(self._thread, _contained, work, stop)
        finally:
            self._running = None
        if outcome is None:
            self._broken_off += 1
            return
        self._broken_off = 0
        self.last_duration = time.monotonic() - started
        self.latest = outcome
        self._deliver(outcome)

    def close(self) -> None:
        """Stop as soon as the unit at hand is done."""
        self.closed = True
        self._stop.set()
        self._tell()
        self._thread.shutdown(wait=False, cancel_futures=True)


def _load() -> None:
    """Load what checks need before the first text is there."""
    import trainlint.engine.preload  # noqa: F401


def _contained(work: Work, stop: threading.Event) -> Outcome | None:
    """The outcome, or None if it is not wanted any more: no exception of that kind gets into the event loop."""
    try:
        return work(stop)
    except Superseded:
        return None
