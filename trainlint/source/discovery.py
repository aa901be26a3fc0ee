"""Which files are to be checked: those given, and the Python files and notebooks below the folders given."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import define, field, frozen
from pathspec import GitIgnoreSpec
from pathspec.pattern import RegexPattern

SUFFIXES = (".py", ".pyw", ".ipynb")
SKIPPED = frozenset(
    [
        ".git",
        ".hg",
        ".svn",
        ".venv",
        "venv",
        "env",
        ".env",
        "node_modules",
        "__pycache__",
        ".tox",
        ".nox",
        "build",
        "dist",
        ".eggs",
        ".trainlint_cache",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".ipynb_checkpoints",
        "site-packages",
    ]
)


@frozen
class Discovery:
    """Files in order, relative to the working directory where they lie inside it; paths that led nowhere."""

    files: tuple[str, ...]
    missing: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


def discover(
    paths: Sequence[str],
    *,
    cwd: Path,
    exclude: Sequence[str] = (),
    gitignore: bool = True,
    force_exclude: bool = False,
) -> Discovery:
    """The files that ``paths`` mean. Files that are named are taken whatever they are called."""
    search = _Search(cwd, GitIgnoreSpec.from_lines(exclude), gitignore)
    for path in paths:
        full = Path(os.path.normpath(cwd / path))
        if full.is_dir():
            search.walk(full, search.inherited(full))
        elif full.exists():
            if not force_exclude or not search.excluded(full):
                search.files.append(search.name(full))
        else:
            search.missing.append(path)
    return Discovery(tuple(dict.fromkeys(search.files)), tuple(search.missing), tuple(search.unreadable))


Ignoring = tuple[tuple[Path, tuple[RegexPattern, ...]], ...]


@define
class _Search:
    cwd: Path
    exclude: GitIgnoreSpec
    gitignore: bool
    files: list[str] = field(factory=list)
    missing: list[str] = field(factory=list)
    unreadable: list[str] = field(factory=list)
    visited: set[str] = field(factory=set)

    def name(self, path: Path) -> str:
        relative = Path(os.path.relpath(path, self.cwd))
        return path.as_posix() if relative.parts[:1] == ("..",) else relative.as_posix()

    def excluded(self, path: Path, *, folder: bool = False) -> bool:
        return self.exclude.match_file(self.name(path) + ("/" if folder else ""))

    def inherited(self, folder: Path) -> Ignoring:
        """The `.gitignore` files of the folders above, down from the root of the repository."""
        above: list[Path] = []
        for each in (folder, *folder.parents):
            if each != folder:
                above.append(each)
            if (each / ".git").exists():
                return tuple(item for parent in reversed(above) for item in self.own(parent))
        return ()

    def own(self, folder: Path) -> Iterator[tuple[Path, tuple[RegexPattern, ...]]]:
        if not self.gitignore:
            return
        try:
            text = (folder / ".gitignore").read_text(encoding="utf-8-sig", errors="replace")
        except OSError:
            return
        yield folder, tuple(_patterns(text))

    def walk(self, folder: Path, ignoring: Ignoring) -> None:
        real = os.path.realpath(folder)
        if real in self.visited:
            return
        self.visited.add(real)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            self.unreadable.append(self.name(folder))
            return
        ignoring = (*ignoring, *self.own(folder))
        for entry in entries:
            path = folder / entry.name
            try:
                is_folder = entry.is_dir()
            except OSError:
                is_folder = False
            if is_folder:
                skipped = entry.name in SKIPPED or self.excluded(path, folder=True)
                if not skipped and not _ignored(path, ignoring, folder=True):
                    self.walk(path, ignoring)
                continue
            wanted = entry.name.endswith(SUFFIXES) and not self.excluded(path) and not _ignored(path, ignoring)
            if wanted and path.exists():
                self.files.append(self.name(path))


def _patterns(text: str) -> Iterator[RegexPattern]:
    """The patterns of a `.gitignore`, the last first; git passes over what is none."""
    for line in reversed(text.split("\n")):
        with contextlib.suppress(ValueError):
            for pattern in GitIgnoreSpec.from_lines([line]).patterns:
                if isinstance(pattern, RegexPattern) and pattern.include is not None:
                    yield pattern


def _ignored(path: Path, ignoring: Ignoring, *, folder: bool = False) -> bool:
    """What the last pattern of the deepest `.gitignore` with an opinion says; the folders above are decided."""
    for base, patterns in reversed(ignoring):
        name = path.relative_to(base).as_posix() + ("/" if folder else "")
        for pattern in patterns:
            if _means(pattern, name):
                return bool(pattern.include)
    return False


def _means(pattern: RegexPattern, name: str) -> bool:
    """Whether a pattern speaks of a path itself: one that ends before it, at a group, speaks of a folder above it."""
    if pattern.regex is None:
        return False
    if not pattern.regex.groups:
        return pattern.regex.search(name.rstrip("/")) is not None
    return any(match.end() == len(name) for match in pattern.regex.finditer(name))
