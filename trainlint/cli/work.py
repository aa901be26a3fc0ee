"""How the work of a check is done: what is known already, by how many processes, and what a waiting user sees."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from trainlint.cli.console import plural, remark

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from trainlint.cli.paths import Paths
    from trainlint.engine.memory import Memory
    from trainlint.source.sources import Sources

_PATIENCE = 1.0  # seconds for which nobody wonders


def add_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("work")
    group.add_argument("--jobs", type=_count, metavar="N", help="processes (default: as many as there are CPUs)")
    group.add_argument("--no-cache", action="store_true", help="neither use nor keep the results of earlier runs")


def memory(arguments: argparse.Namespace, paths: Paths, sources: Sources) -> Memory | None:
    """What earlier runs found, kept where the settings of the first path lie."""
    from trainlint.settings import SettingsError

    if arguments.no_cache:
        return None
    try:
        root = paths.settings_above(arguments.paths[0] if arguments.paths else ".").root
    except SettingsError:
        return None
    from trainlint.engine.memory import memory_at

    return memory_at(root, sources)


def keep(memory: Memory | None, *, verbose: bool) -> None:
    """Write what is new; how much was known, and why the cache is of no use, is said to those who ask."""
    if memory is not None:
        memory.save()
        if verbose:
            remark(f"{plural(memory.known, 'file')} known from earlier runs")
        if memory.problem and verbose:
            remark(f"the cache is of no use: {memory.problem}")


class Waiting:
    """A bar on stderr, in a terminal, for whoever waits longer than a second."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._since = time.monotonic()
        self._shown = ExitStack()
        self._progress: Progress | None = None
        self._bar: TaskID | None = None

    def __enter__(self) -> Waiting:
        return self

    def __exit__(self, *_: object) -> None:
        self._shown.close()

    def told(self, done: int, total: int) -> None:
        """So many units of so many are checked."""
        if self._progress is None:
            if done == total or self._quiet or not sys.stderr.isatty() or time.monotonic() < self._since + _PATIENCE:
                return
            self._show()
        if self._progress is not None and self._bar is not None:
            self._progress.update(self._bar, completed=done, total=total)

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = TextColumn("Checking"), BarColumn(), MofNCompleteColumn()
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._progress = self._shown.enter_context(bar)
        self._bar = bar.add_task("", total=None)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes")
    return int(text)
