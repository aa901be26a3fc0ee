"""When checks run: an edit breaks off what was under way, but not again and again."""

from __future__ import annotations

import asyncio
import threading

from trainlint.server.checker import PATIENCE, Checker, Work
from trainlint.server.desk import Superseded
from trainlint.server.outcome import Outcome

SOON = 10  # seconds after which something is wrong


class Checks:
    """Checks that go on until they are superseded or let go."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.delivered: list[int] = []
        self.failures: list[Exception] = []
        self.let_go = threading.Event()
        self.checker = Checker(self.prepare, lambda outcome: self.delivered.append(outcome.revision), self.fail)

    def fail(self, error: Exception) -> None:
        self.failures.append(error)

    def prepare(self, revision: int) -> Work:
        def work(stop: threading.Event) -> Outcome:
            self.begun.append(revision)
            while not self.let_go.wait(0.001):
                if stop.is_set():
                    raise Superseded
            return Outcome(revision, {}, (), (), ())

        return work

    async def has_begun(self, revision: int) -> None:
        async def begun() -> None:
            while revision not in self.begun:
                await asyncio.sleep(0.001)

        await asyncio.wait_for(begun(), SOON)


def test_edits_break_off_only_so_many_checks():
    async def typing() -> None:
        checks = Checks()
        for number in range(1, PATIENCE + 2):
            checks.checker.changed()
            await checks.has_begun(number)
        checks.checker.changed()  # the check before has been waited for long enough
        await asyncio.sleep(0.05)
        assert checks.begun == list(range(1, PATIENCE + 2))
        checks.let_go.set()
        assert (await checks.checker.outcome()).revision == PATIENCE + 2
        assert checks.delivered == [PATIENCE + 1, PATIENCE + 2]
        assert checks.failures == []
        checks.checker.close()

    asyncio.run(typing())
