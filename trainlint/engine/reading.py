"""Sources that remember what was asked of them: what the result of a unit rests on."""

from __future__ import annotations

from collections.abc import Iterable

from trainlint.source.discovery import SUFFIXES
from trainlint.source.source import Source
from trainlint.source.sources import Sources


class Reading(Sources):
    """Passes every question on to other sources and keeps the answer."""

    def __init__(self, sources: Sources) -> None:
        super().__init__(sources.root)
        self._sources = sources
        self.texts: dict[str, Source | None] = {}
        self.modules: dict[str, str | None] = {}
        self.existing: dict[str, bool] = {}
        self.folders: dict[str, bool] = {}

    def get(self, path: str) -> Source | None:
        try:
            found = self.texts[path] = self._sources.get(path)
        except OSError:
            self.texts[path] = None
            raise
        return found

    def exists(self, path: str) -> bool:
        found = self.existing[path] = self._sources.exists(path)
        return found

    def is_dir(self, path: str) -> bool:
        found = self.folders[path] = self._sources.is_dir(path)
        return found

    def module(self, stem: str) -> str | None:
        found = self.modules[stem] = self._sources.module(stem)
        return found

    def names(self, folder: str) -> frozenset[str] | None:
        return self._sources.names(folder)

    def digest(self, path: str) -> str | None:
        return self._sources.digest(path)

    def changed(self, sources: Sources) -> dict[str, tuple[Source, Source]] | None:
        """The files whose text is another one now, before and after; None if there are other or fewer files."""
        if any(sources.module(stem) != held for stem, held in self.modules.items()):
            return None
        if any(sources.exists(path) != held for path, held in self.existing.items()):
            return None
        if any(sources.is_dir(path) != held for path, held in self.folders.items()):
            return None
        found = {}
        for path, before in self.texts.items():
            try:
                after = sources.get(path)
            except OSError:
                after = None
            if after is before:
                continue
            if before is None or after is None:
                return None
            found[path] = (before, after)
        return found

    def again(self, sources: Sources, changed: dict[str, tuple[Source, Source]], keep: bool) -> Reading:
        """A new reading that goes on with what was worked out, and rests on what that rests on.

        With ``keep`` that is everything; else what no changed text has a part in.
        """
        fresh = Reading(sources)
        fresh.texts = {**self.texts, **{path: after for path, (_, after) in changed.items()}}
        fresh.modules, fresh.existing, fresh.folders = self.modules, self.existing, self.folders
        fresh.located = self.located
        if keep:
            fresh.derived, fresh.tables = self.derived, self.tables
        elif not self._imported(changed):
            fresh.tables = self.tables
            for table in fresh.tables.values():
                for path in changed:
                    table.pop(path, None)
        return fresh

    def _imported(self, changed: Iterable[str]) -> bool:
        """Whether another file imports one of these."""
        names = set(changed)
        imports = [table for kind, table in self.tables.items() if isinstance(kind, tuple) and kind[0] == "imported"]
        return any(
            not names.isdisjoint(files) for table in imports for path, files in table.items() if path not in names
        )


def same_outlines(before: Source, after: Source) -> bool:
    """Whether two versions of a file differ in nothing that can be told without parsing."""
    if not _comparable(before, after):
        return before.original == after.original
    pairs = zip(before.segments, after.segments, strict=True)
    return all(old.content is new.content or old.content.outline == new.content.outline for old, new in pairs)


def _comparable(before: Source, after: Source) -> bool:
    return is_code(before) and before.problem == after.problem and len(before.segments) == len(after.segments)


def is_code(source: Source) -> bool:
    """Whether a text consists of statements."""
    return source.path.endswith(SUFFIXES) or ":" in source.path
