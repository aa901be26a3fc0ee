"""The check of one unit after another in one process, and what each result rests on."""

from __future__ import annotations

import contextlib
import sys
import traceback
from collections.abc import Callable, Iterator

from attrs import define, evolve, field

from trainlint.engine import unit
from trainlint.engine.about import about
from trainlint.engine.closures import Closure, Closures
from trainlint.engine.frameworks import reaches_framework
from trainlint.engine.reading import Reading
from trainlint.engine.results import Outcome, Question, Result, Task, UnitOptions, listing
from trainlint.knowledge.library import with_project_files
from trainlint.source.sources import Sources

Examine = Callable[[str, Sources, UnitOptions], Result]
_DEEPEST = 1_000


@define
class Examiner:
    """Checks units; with ``recording`` it also says what each result rests on.

    Units share what is worked out from the texts alone. What is shared is not asked for again, so that a unit rests on
    all that its imports lead to, beside what it asked for itself.
    """

    sources: Sources
    recording: bool
    examine: Examine = unit.check
    _shared: dict[tuple[str, ...], Sources] = field(factory=dict)
    _closures: dict[tuple[str, ...], Closures] = field(factory=dict)
    _listings: dict[str, str] = field(factory=dict)

    def outcome(self, task: Task) -> Outcome:
        """What a unit yields; an error in it is kept."""
        with _room():
            try:
                outcome = self._examined(task)
            except Exception as error:
                outcome = _failed(task, error)
            try:
                source = self.sources.get(task.path)
                return outcome if source is None else evolve(outcome, about=about(source))
            except Exception as error:
                return _failed(task, error)

    def _examined(self, task: Task) -> Outcome:
        shared = self._worked_out(task)
        if not self.recording:
            return Outcome(self._result(task, shared))
        reading = Reading(self.sources)
        reading.tables = shared.tables
        result = self._result(task, reading)
        return Outcome(result, rests=frozenset(self._asked(reading, self._closure(task))))

    def _worked_out(self, task: Task) -> Sources:
        """The sources with what was worked out of them under the same knowledge."""
        if task.options.knowledge not in self._shared:
            self._shared[task.options.knowledge] = Reading(self.sources) if self._shared else self.sources
        return self._shared[task.options.knowledge]

    def _result(self, task: Task, sources: Sources) -> Result:
        if not task.options.assume:  # such a file names no framework itself
            knowledge = with_project_files(task.options.knowledge)
            if not reaches_framework(task.path, sources, knowledge):
                return Result()
        return self.examine(task.path, sources, task.options)

    def _closure(self, task: Task) -> Closure:
        knowledge = task.options.knowledge
        if knowledge not in self._closures:
            self._closures[knowledge] = Closures(self.sources, with_project_files(knowledge))
        return self._closures[knowledge].of(task.path)

    def _asked(self, reading: Reading, closure: Closure) -> Iterator[Question]:
        for path in closure.files | reading.texts.keys():
            yield "text", path, self._text(path)
        for folder in closure.folders:
            yield "names", folder, self._listing(folder)
        for stem, module in reading.modules.items():
            yield "module", stem, module or ""
        for path, held in reading.existing.items():
            yield "file", path, "yes" if held else ""
        for path, held in reading.folders.items():
            yield "folder", path, "yes" if held else ""

    def _listing(self, folder: str) -> str:
        if folder not in self._listings:
            self._listings[folder] = listing(self.sources.names(folder))
        return self._listings[folder]

    def _text(self, path: str) -> str:
        """The hash of a file; empty if it cannot be read."""
        try:
            return "" if self.sources.get(path) is None else self.sources.digest(path) or ""
        except OSError:
            return ""


def _failed(task: Task, error: Exception) -> Outcome:
    failure = f"{task.path}: internal error: {type(error).__name__}: {error}"
    return Outcome(failure=failure, traceback=traceback.format_exc())


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """As many calls within calls wherever a unit is checked: what is nested too deeply must not depend on that."""
    before, depth, frame = sys.getrecursionlimit(), 0, sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(depth + _DEEPEST)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
