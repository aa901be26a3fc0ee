"""Which files the paths on the command line stand for, and the settings of each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from attrs import frozen
from pathspec import GitIgnoreSpec

from trainlint.settings import Settings, SettingsError, SettingsFiles
from trainlint.source.discovery import discover


@frozen
class Paths:
    """Files as seen from `cwd`, under settings and the options about discovery."""

    cwd: Path
    settings_files: SettingsFiles
    exclude: Sequence[str] = ()
    gitignore: bool = True
    force_exclude: bool = False

    def settings(self, path: str) -> Settings:
        """The settings of the file `path`; raises SettingsError."""
        return self.settings_files.at(self._absolute(path).parent)

    def settings_above(self, path: str) -> Settings:
        """The settings of a file, or of the files in a folder; raises SettingsError."""
        absolute = self._absolute(path)
        return self.settings_files.at(absolute if absolute.is_dir() else absolute.parent)

    def named(self, path: str) -> str:
        """`path` as findings name it: from the working directory with `/`, absolute outside it."""
        absolute = self._absolute(path)
        return (absolute.relative_to(self.cwd) if absolute.is_relative_to(self.cwd) else absolute).as_posix()

    def found(self, paths: Sequence[str]) -> tuple[list[str], list[str]]:
        """The files that `paths` stand for, and a message for each that is missing or cannot be read."""
        discovery = discover(
            paths,
            cwd=self.cwd,
            exclude=(*self.exclude, *self._pruned(paths)),
            gitignore=self.gitignore,
            force_exclude=self.force_exclude,
        )
        problems = [f"{path}: no such file or folder" for path in discovery.missing]
        problems += (f"{path}: cannot be read" for path in discovery.unreadable)
        given = {self._absolute(path) for path in paths}
        files = [
            file
            for file in discovery.files
            if (self._absolute(file) in given and not self.force_exclude) or not self._excluded(file)
        ]
        return files, problems

    def allowed(self, files: Iterable[str]) -> list[str]:
        """Those of `files`, given by name, that are checked."""
        return [file for file in files if not (self.force_exclude and self._excluded(file))]

    def folders(self, paths: Sequence[str]) -> list[Path]:
        """The folders among `paths`, absolute."""
        return [absolute for path in paths if (absolute := self._absolute(path)).is_dir()]

    def _absolute(self, path: str) -> Path:
        return Path(os.path.normpath(self.cwd / path))

    def _excluded(self, file: str) -> bool:
        """Whether the command line or the file's settings exclude it."""
        absolute = self._absolute(file)
        if _matches(self.exclude, absolute, self.cwd):
            return True
        try:
            settings = self.settings(file)
        except SettingsError:
            return False  # to be reported with the file
        return _matches(settings.exclude, absolute, settings.root)

    def _pruned(self, paths: Sequence[str]) -> Iterator[str]:
        """The excludes of the given folders' settings, seen from `cwd`: what they name need not be walked at all.

        Only a help: patterns that cannot be said from here are left to `_excluded`.
        """
        seen = set()
        for path in paths:
            try:
                settings = self.settings_above(path)
            except SettingsError:
                continue
            if settings.root in seen or not settings.root.is_relative_to(self.cwd):
                continue
            seen.add(settings.root)
            if any(pattern.startswith("!") for pattern in settings.exclude):
                continue
            below = settings.root.relative_to(self.cwd).as_posix()
            prefix = "/" if below == "." else f"/{below}/"
            for pattern in settings.exclude:
                anchored = "/" in pattern.rstrip("/")
                yield prefix + (pattern.lstrip("/") if anchored else f"**/{pattern}")


def _matches(patterns: Sequence[str], path: Path, folder: Path) -> bool:
    return (
        bool(patterns)
        and path.is_relative_to(folder)
        and GitIgnoreSpec.from_lines(patterns).match_file(path.relative_to(folder).as_posix())
    )
