"""What the imports of a unit lead to: an upper bound of what is worked out from texts for many units at once."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from attrs import define, field, frozen

from trainlint.engine.reading import Reading
from trainlint.knowledge.library import Library
from trainlint.semantics.imports import Program, search_folders
from trainlint.semantics.registries import led_to
from trainlint.source.contents import Imported
from trainlint.source.sources import Sources


@frozen
class Closure:
    """Files that imports lead to, and the folders in which they were looked for."""

    files: frozenset[str]
    folders: frozenset[str]


@define
class Closures:
    """The closures of units under the same knowledge."""

    sources: Sources
    knowledge: Library
    _files: dict[tuple[tuple[str, ...], str], Closure] = field(factory=dict)
    _imports: dict[tuple[tuple[str, ...], str, int, str, str | None], Closure] = field(factory=dict)

    def of(self, root: str) -> Closure:
        """The closure of the unit with this root file."""
        folders = search_folders(root)
        files, listed, pending = {root}, set(folders), [root]
        while pending:
            path = pending.pop()
            found = self._files.get((folders, path))
            if found is None:
                found = self._files[folders, path] = self._of_file(path, folders)
            listed |= found.folders
            pending += found.files - files
            files |= found.files
        return Closure(frozenset(files), frozenset(listed))

    def _of_file(self, path: str, folders: tuple[str, ...]) -> Closure:
        beside = posixpath.dirname(path)
        files, listed = set[str](), {beside}
        for each in self._imported(path):
            key = () if each.level else folders, beside, each.level, each.module, each.name
            found = self._imports.get(key)
            if found is None:
                found = self._imports[key] = self._of_import(each, path, folders)
            files |= found.files
            listed |= found.folders
        return Closure(frozenset(files), frozenset(listed))

    def _imported(self, path: str) -> Iterator[Imported]:
        try:
            source = self.sources.get(path)
        except OSError:
            return
        for segment in () if source is None else source.segments:
            yield from segment.imports

    def _of_import(self, each: Imported, path: str, folders: tuple[str, ...]) -> Closure:
        asking = Reading(self.sources)
        program = Program(path, asking, self.knowledge, folders)
        files = set(led_to(program, each, path))
        package = program.locate(each.module, each.level, path) if each.name == "*" else None
        if package is not None and posixpath.basename(package) == "__init__.py":  # any of its modules may be meant
            folder = posixpath.dirname(package)
            for name in self.sources.names(folder) or ():
                module = asking.module(posixpath.join(folder, name.removesuffix("/").removesuffix(".py")))
                files.update([module] if module is not None and module.endswith(".py") else [])
        listed = set()
        for stem, module in asking.modules.items():
            listed.add(posixpath.dirname(stem))
            if module is not None and module != stem + ".py":
                listed.add(stem)
        return Closure(frozenset(files), frozenset(listed))
