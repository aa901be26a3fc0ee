"""Units checked one after another in this process, or by several others: a process that dies costs its one unit."""

from __future__ import annotations

import contextlib
import gc
import itertools
import multiprocessing
import os
import signal
import sys
import threading
from array import array
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from trainlint.engine.results import Outcome, Question, Task
from trainlint.source.sources import Sources

if TYPE_CHECKING:
    from trainlint.engine.examining import Examiner
    from trainlint.engine.project import Request

Outcomes = Generator[tuple[int, Outcome], None, None]
_FEW = 8  # units
_LITTLE = 500_000  # bytes of code about training
_AHEAD = 2  # units that a process is given before one is done


@frozen
class _Sent:
    """An outcome on its way to another process: what many units rest on is sent once, and has a number."""

    outcome: Outcome
    rests: array[int]
    new: list[Question]

    def received(self, told: list[Question]) -> Outcome:
        """The outcome as it was; ``told`` is all that the same process has sent before, in order, and grows."""
        told += self.new
        return evolve(self.outcome, rests=frozenset(map(told.__getitem__, self.rests)))


def _is_little(tasks: Sequence[Task], sources: Sources) -> bool:
    """Whether all is done before other processes have started."""
    left = _LITTLE
    for task in tasks:
        source = sources.get(task.path) if task.options.assume else None
        left -= 0 if source is None else len(source.original)
    return left > 0


def usable_cpus() -> int:
    """How many processes can run at once."""
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def outcomes(tasks: Sequence[Task], request: Request) -> Outcomes:
    """The outcome of every task with its number, as they come."""
    recording = request.memory is not None and request.memory.keeps
    jobs = (1 if _is_little(tasks, request.sources) else usable_cpus()) if request.jobs is None else request.jobs
    if jobs > 1 and len(tasks) > _FEW and request.examine is None:
        return _in_processes(tasks, request.sources.root, jobs, recording)
    return _here(tasks, request, recording)


def _here(tasks: Sequence[Task], request: Request, recording: bool) -> Outcomes:
    from trainlint.engine import unit
    from trainlint.engine.examining import Examiner

    examiner = Examiner(request.sources, recording, request.examine or unit.check)
    for index, task in enumerate(tasks):
        yield index, examiner.outcome(task)


def _in_processes(tasks: Sequence[Task], root: Path, jobs: int, recording: bool) -> Outcomes:
    """Each process has a stretch of the tasks, because neighbours import the same. All have ended when this ends."""
    bounds = [len(tasks) * number // jobs for number in range(jobs + 1)]
    pending = [deque(range(start, end)) for start, end in itertools.pairwise(bounds)]
    while any(pending):
        lost: list[int] = []
        with contextlib.ExitStack() as stack:
            context = _context()
            wanted = min(jobs, sum(map(len, pending)))
            pools = [stack.enter_context(_pool(context, root, recording)) for _ in range(wanted)]
            yield from _until_broken(pools, tasks, pending, lost)
        for index in lost:  # any of them may have ended its process: each gets one of its own
            with _pool(_context(), root, recording) as pool:
                yield index, _alone(pool, tasks[index])


def _until_broken(
    pools: Sequence[ProcessPoolExecutor], tasks: Sequence[Task], pending: list[deque[int]], lost: list[int]
) -> Outcomes:
    """Hand out tasks until there are none, or a process dies: ``lost`` are those that it had then."""
    running: dict[Future[_Sent], tuple[int, int]] = {}  # task and process, in the order in which they were given
    told: list[list[Question]] = [[] for _ in pools]
    idle = [number for number in range(len(pools)) for _ in range(_AHEAD)]
    while True:
        while idle and any(pending) and not lost:
            number = idle.pop(0)
            index = _next(pending, number)
            try:
                running[_submit(pools[number], tasks[index])] = index, number
            except BrokenProcessPool:
                pending[number].appendleft(index)
                break
        if not running:
            return
        done = wait(running, return_when=FIRST_COMPLETED).done
        for future in [each for each in running if each in done]:
            index, number = running.pop(future)
            idle.append(number)
            try:
                yield index, future.result().received(told[number])
            except BrokenProcessPool:
                lost.append(index)
        lost.sort()


def _next(pending: list[deque[int]], number: int) -> int:
    """The next task of a process; the last one of whoever has most left, if it has none of its own."""
    own = pending[number] if number < len(pending) else deque[int]()
    return own.popleft() if own else max(pending, key=len).pop()


def _alone(pool: ProcessPoolExecutor, task: Task) -> Outcome:
    try:
        return _submit(pool, task).result().received([])
    except BrokenProcessPool:
        return Outcome(failure=f"{task.path}: internal error: the process that checked it has died")


def _context() -> BaseContext:
    """How processes start: split off one that has loaded everything, where the system can do that."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver, resource_tracker

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["trainlint.engine.preload"])
    resource_tracker.ensure_running()  # which would let signals through again
    with _undisturbed():
        forkserver.ensure_running()
    first = context.Process(target=_nothing)  # whose start lasts until everything is loaded
    first.start()
    first.join()
    return context


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits until this block is left, and what it starts does not hear of it at all."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _pool(context: BaseContext, root: Path, recording: bool) -> Iterator[ProcessPoolExecutor]:
    """A process that ends with this block, at once if it is left by an error."""
    pool = ProcessPoolExecutor(1, context, _start, (root, recording))
    try:
        yield pool
    except BaseException:
        for process in (getattr(pool, "_processes", None) or {}).values():
            process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, task: Task) -> Future[_Sent]:
    with _undisturbed():  # it may start a process
        return pool.submit(_examine, task)


# In the processes ---------------------------------------------------------------------------------------------------

_examiner: Examiner | None = None
_asked: dict[Question, int] = {}  # what has been sent before, numbered


def _start(root: Path, recording: bool) -> None:
    from trainlint.engine.examining import Examiner

    global _examiner
    gc.set_threshold(1_000_000, 50, 1_000)  # as for `check`
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _examiner = Examiner(Sources(root, steady=True), recording)


def _nothing() -> None:
    pass


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _examine(task: Task) -> _Sent:
    assert _examiner is not None
    outcome = _examiner.outcome(task)
    new = [each for each in outcome.rests if each not in _asked]
    _asked.update(zip(new, itertools.count(len(_asked)), strict=False))
    return _Sent(evolve(outcome, rests=frozenset()), array("L", map(_asked.__getitem__, outcome.rests)), new)
