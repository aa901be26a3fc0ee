"""The files that an analysis can see: unsaved texts first, then the disk."""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any

from trainlint.source.source import Source


class Sources:
    """A mapping from path to `Source`. ``overlays`` are texts that count instead of what is on the disk."""

    def __init__(
        self, root: Path, overlays: Mapping[str, bytes | Source] | None = None, *, steady: bool = False
    ) -> None:
        """``root`` is the folder to which relative paths belong; the files of a ``steady`` one are read once.

        What others work out: ``located`` from which files there are; ``tables`` row by row, each from the text of one
        file and of those that it imports; ``derived`` from any texts. They are emptied when one of these changes.
        """
        self.root = root
        self.steady = steady
        self.derived: dict[Hashable, Any] = {}
        self.located: dict[Hashable, Any] = {}
        self.tables: dict[Hashable, dict[str, Any]] = {}
        self._overlays: dict[str, Source] = {}
        self._folders: set[str] = set()
        self._read: dict[str, tuple[tuple[int, int], Source]] = {}
        self._files: dict[str, bool] = {}
        self._dirs: dict[str, bool] = {}
        self._modules: dict[str, str | None] = {}
        self._names: dict[str, frozenset[str] | None] = {}
        self._digests: dict[str, str] = {}
        for path, held in (overlays or {}).items():
            self.overlay(path, held)

    def _forget(self) -> None:
        self._modules.clear()
        self._names.clear()
        self.derived.clear()
        self.located.clear()
        self.tables.clear()

    def overlay(self, path: str, held: bytes | Source) -> None:
        """Let a text count instead of the file ``path``."""
        self._forget()
        self._overlays[path] = held if isinstance(held, Source) else Source.read(path, held)
        self._folders.update(_above(path))

    def release(self, path: str) -> None:
        """Let the file ``path`` itself count again."""
        if self._overlays.pop(path, None) is not None:
            self._forget()
            self._files.pop(path, None)
            self._folders = {folder for held in self._overlays for folder in _above(held)}

    def laid(self, path: str) -> Source | None:
        """The text that counts instead of the file ``path``, if there is one."""
        return self._overlays.get(path)

    def look_again(self) -> None:
        """Ask the disk again which files there are."""
        self._files.clear()
        self._dirs.clear()
        self._forget()

    def get(self, path: str) -> Source | None:
        """The source of a file, read again when it has changed; None if there is none.

        Raises OSError for a file that cannot be read.
        """
        held = self._overlays.get(path)
        if held is not None:
            return held
        known = self._read.get(path)
        if known is not None and self.steady:
            return known[1]
        file = self.root / path
        try:
            status = file.stat()
            if not file.is_file():
                return None
        except (FileNotFoundError, NotADirectoryError):
            self._read.pop(path, None)
            return None
        stamp = (status.st_mtime_ns, status.st_size)
        if known is not None and known[0] == stamp:
            return known[1]
        raw = file.read_bytes()
        if self.steady:
            self._digests[path] = digest(raw)
        source = Source.read(path, raw)
        if known is not None:
            source = source.after(known[1])
            self._forget()
        self._read[path] = (stamp, source)
        return source

    def raw(self, path: str) -> bytes | None:
        """The bytes of a file as they lie on the disk now, whatever counts instead; None if it cannot be read."""
        try:
            return (self.root / path).read_bytes()
        except OSError:
            return None

    def exists(self, path: str) -> bool:
        """Whether ``path`` is a file, or an overlay; asked of the disk once."""
        if path in self._overlays:
            return True
        found = self._files.get(path)
        if found is None:
            found = self._files[path] = (self.root / path).is_file()
        return found

    def is_dir(self, path: str) -> bool:
        """Whether ``path`` is a folder, or holds an overlay; asked of the disk once."""
        if path in self._folders:
            return True
        found = self._dirs.get(path)
        if found is None:
            found = self._dirs[path] = (self.root / path).is_dir()
        return found

    def digest(self, path: str) -> str | None:
        """A hash of the bytes that `get` has read; None if there is no such file. Only ``steady`` ones know it."""
        return self._digests.get(path)

    def module(self, stem: str) -> str | None:
        """The package, module or else folder that a path without suffix means to an import."""
        if stem not in self._modules:
            self._modules[stem] = self._module(stem)
        return self._modules[stem]

    def _module(self, stem: str) -> str | None:
        package = posixpath.join(stem, "__init__.py")
        if self.exists(package):
            return package
        if stem and self.exists(stem + ".py"):
            return stem + ".py"
        return stem if self.is_dir(stem or ".") else None

    def names(self, folder: str) -> frozenset[str] | None:
        """What `module` could find in a folder: files by name, folders with a ``/``; None if there is no such one."""
        if folder not in self._names:
            self._names[folder] = self._listed(folder)
        return self._names[folder]

    def _listed(self, folder: str) -> frozenset[str] | None:
        held = _listed(self.root / folder)
        prefix = f"{folder}/" if folder not in ("", ".") else ""
        laid = (path.removeprefix(prefix) for path in self._overlays if path.startswith(prefix))
        names = {head + slash for head, slash, _ in (path.partition("/") for path in laid)}
        found = frozenset(name for name in names if name.endswith((".py", "/")))
        return held if not found else found | (held or frozenset())


def digest(raw: bytes) -> str:
    """A hash by which the content of a file is known."""
    return hashlib.blake2b(raw, digest_size=16).hexdigest()


def _listed(folder: Path) -> frozenset[str] | None:
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, _leads_to_folder(entry)) for entry in entries]
    except OSError:
        return None
    return frozenset(name + "/" if folder else name for name, folder in found if folder or name.endswith(".py"))


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _above(path: str) -> Iterator[str]:
    """The folders in which a file lies."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
