"""The desk of one folder: its files with unsaved texts laid over them, and what is known of its units."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from attrs import define, evolve, field, frozen
from pathspec import GitIgnoreSpec

from trainlint.engine.inferred import together
from trainlint.engine.memory import Memory
from trainlint.engine.project import Request, check
from trainlint.engine.report import Report
from trainlint.engine.results import Inferred, Result, UnitOptions
from trainlint.engine.units import Units
from trainlint.knowledge.library import with_project_files
from trainlint.rules.catalogue import catalogue
from trainlint.server.sheets import Uris
from trainlint.server.snapshot import Snapshot
from trainlint.server.texts import Notebook, Text
from trainlint.settings import Layer, Settings, SettingsError, SettingsFiles
from trainlint.source.source import Source
from trainlint.source.sources import Sources


class Superseded(BaseException):
    """The texts have changed during the check. No error of a unit, which would be contained there."""


@frozen
class Open:
    """A document or a notebook under the path at which it is checked."""

    path: str
    held: Text | Notebook

    def source(self, before: Source | None) -> Source:
        if isinstance(self.held, Text):
            return Source.of_text(self.path, self.held.content, before)
        cells = [(number, cell.content) for number, cell in enumerate(self.held.cells, start=1) if cell is not None]
        return Source.of_cells(self.path, cells, before)

    @property
    def uris(self) -> Uris:
        """URI and version of each of its sheets."""
        parts = (self.held,) if isinstance(self.held, Text) else self.held.cells
        return tuple((part.uri, part.version) for part in parts if part is not None)


@define
class Desk:
    """The state of one folder. Only the thread that checks touches it."""

    root: Path
    sources: Sources = field(init=False)
    settings: SettingsFiles = field(init=False)
    report: Report = field(factory=Report, init=False)
    """Of the last check."""
    inferred: tuple[Inferred, ...] = field(default=(), init=False)
    _units: Units = field(factory=Units, init=False)
    _infer: bool = field(default=False, init=False)
    _laid: dict[str, tuple[Open, Source]] = field(factory=dict, init=False)
    _stamps: dict[str, int | None] = field(factory=dict, init=False)
    _disk: int = field(default=-1, init=False)
    _rules: tuple[int, Layer] | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self.sources = Sources(self.root)

    def lay(self, documents: Iterable[Open], snapshot: Snapshot) -> None:
        """Take over what is open now, and what may have changed on the disk."""
        configuration = snapshot.configuration(self.root)
        self._infer = configuration.options.show_inlay_hints
        if self._rules != (snapshot.rules, configuration.layer):
            self._rules = (snapshot.rules, configuration.layer)
            self.settings = SettingsFiles(catalogue().vocabulary, cwd=self.root, overlays=(configuration.layer,))
        if self._disk != snapshot.disk:
            self._disk = snapshot.disk
            self.sources.look_again()
        wanted = {each.path: each for each in documents}
        for path in self._laid.keys() - wanted.keys():
            del self._laid[path]
            self.sources.release(path)
            self._units.forget(path)
        for path, each in wanted.items():
            known = self._laid.get(path)
            if known is None or known[0].held != each.held:
                source = each.source(known[1] if known else None)
                self._laid[path] = (each, source)
                self.sources.overlay(path, source)
        knowledge = {file: _stamp(file) for path in self._laid for file in self._knowledge(path)}
        if knowledge != self._stamps:
            self._stamps = knowledge
            with_project_files.cache_clear()
            self._units.forget()

    @property
    def open(self) -> Sequence[tuple[Open, Source]]:
        return list(self._laid.values())

    def opened(self, uri: str) -> tuple[Open, Source] | None:
        """The document or notebook to which a URI belongs."""
        return next((each for each in self._laid.values() if uri in [part for part, _ in each[0].uris]), None)

    def check(
        self,
        stop: threading.Event,
        closed: Sequence[str] = (),
        *,
        wait: Callable[[], object] = bool,
        memory: Memory | None = None,
    ) -> Report:
        """Check every open file that the settings do not exclude, and other ones; raises Superseded soon after ``stop``
        is set. ``wait`` is called before each unit that ``memory`` does not know; it returns when there is time for it.
        """
        inferred: list[Inferred] = []

        def watch() -> None:
            if stop.is_set():
                raise Superseded

        def examine(path: str, sources: Sources, options: UnitOptions) -> Result:
            wait()
            watch()
            result = self._units.check(path, sources, evolve(options, infer=self._infer), watch)
            if path not in self._laid:
                self._units.settle(path)
            inferred.extend(result.inferred)
            return result

        given = (self.root,) if closed else ()
        request = self.request([*self._checked(), *closed], self.sources, examine, given)
        self.report = check(evolve(request, memory=memory))
        self.inferred = together(inferred)
        return self.report

    def request(
        self,
        files: Sequence[str],
        sources: Sources,
        examine: Callable[[str, Sources, UnitOptions], Result] | None,
        given: Sequence[Path] = (),
    ) -> Request:
        """A request under the settings of this folder."""
        return Request(
            files=files,
            sources=sources,
            settings=self._settings,
            catalogue=catalogue(),
            cwd=self.root,
            given=given,
            examine=examine,
        )

    def around(self, path: str) -> list[str]:
        """The open files whose findings may lie in a file."""
        readers = set(self._units.readers(path)) | {path}
        return [each for each in self._checked() if each in readers]

    def _checked(self) -> list[str]:
        return [path for path in self._laid if not self._excluded(path)]

    def _settings(self, path: str) -> Settings:
        return self.settings.at((self.root / path).parent)

    def _knowledge(self, path: str) -> tuple[str, ...]:
        try:
            return self._settings(path).knowledge
        except SettingsError:
            return ()  # to be reported with the file

    def _excluded(self, path: str) -> bool:
        try:
            settings = self._settings(path)
        except SettingsError:
            return False  # to be reported with the file
        file = self.root / path
        inside = file.relative_to(settings.root).as_posix() if file.is_relative_to(settings.root) else None
        return inside is not None and GitIgnoreSpec.from_lines(settings.exclude).match_file(inside)


def _stamp(path: str) -> int | None:
    """When a file was changed last; None if it cannot be read, which the check reports."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None
