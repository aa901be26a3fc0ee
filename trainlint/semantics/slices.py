"""Which statements of a root file lead to training, told from the names that they mention, across files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainlint.semantics.imports import Program
    from trainlint.source.contents import Imported
    from trainlint.source.segments import Segment
    from trainlint.source.source import Source

Place = tuple[str, int]


class Slices:
    """Reachability of the words that matter, statement by statement; a statement reaches what its names stand for."""

    def __init__(self, program: Program, words: frozenset[str]) -> None:
        self._program = program
        self._words = frozenset(filter(str.isidentifier, words))
        self._forms = tuple((word.strip(".("), _form(word)) for word in words if not word.isidentifier())
        tables, folders = program.sources.tables, program.folders
        self._known: dict[str, dict[int, bool]] = tables.setdefault(("reaches", words, folders), {})
        self._leads: dict[str, dict[int, tuple[Place, ...]]] = tables.setdefault(("leads", folders), {})

    def seeds(self) -> list[Segment]:
        """The statements of the root file from which some of the words can be reached."""
        source = self._program.source(self._program.root)
        if source is None:
            return []
        known = self._imports(source)
        start = [each.number for each in source.segments if self._speaks(each) or self._leaves(each, known)]
        found = _led_to(source, start)
        return [each for each in source.segments if each.number in found]

    def spoken_in_file(self) -> set[int]:
        """The numbers of the statements of the root file that reach the words without leaving it."""
        source = self._program.source(self._program.root)
        return set() if source is None else _led_to(source, [s.number for s in source.segments if self._speaks(s)])

    def _leaves(self, segment: Segment, known: dict[str, list[Imported]]) -> bool:
        """Whether a statement of the root file reaches the words through what it imports, or uses of what is."""
        if segment.kind == "import":
            return False
        path, found = self._program.root, set[tuple[str, str]]()
        followed = [
            self._followed(path, imported, name, segment.mentions, found)
            for name in (segment.mentions if "*" in known else segment.mentions & known.keys())
            for imported in (*known.get(name, ()), *known.get("*", ()))
        ]
        inner = [self._followed(path, each, each.name or "", segment.mentions, found) for each in segment.imports]
        return any(self.reaches(place) for places in (*followed, *inner) for place in places)

    def _imports(self, source: Source) -> dict[str, list[Imported]]:
        """What a file imports at its top level, by the name to which it is bound."""
        known: dict[str, list[Imported]] = {}
        for segment in source.segments:
            for imported in segment.imports if segment.kind == "import" else ():
                known.setdefault(imported.bound, []).append(imported)
        return known

    def reaches(self, start: Place) -> bool:
        """Whether some of the words can be reached from a statement."""
        pending = [start]
        came_from: dict[Place, Place | None] = {start: None}
        while pending:
            place = pending.pop()
            answer = self._answer(place)
            if answer is False:
                continue
            segment = self._segment(place)
            if segment is None:
                continue
            if answer or self._speaks(segment):
                self._remember(place, came_from)
                return True
            for each in self._neighbours(place, segment):
                if each not in came_from:
                    came_from[each] = place
                    pending.append(each)
        for path, number in came_from:
            self._known.setdefault(path, {})[number] = False
        return False

    def _answer(self, place: Place) -> bool | None:
        """What is known already of a place."""
        return self._known.get(place[0], {}).get(place[1])

    def _remember(self, place: Place, came_from: dict[Place, Place | None]) -> None:
        """All that led to a place where the words are reaches them too."""
        at: Place | None = place
        while at is not None:
            self._known.setdefault(at[0], {})[at[1]] = True
            at = came_from[at]

    def _speaks(self, segment: Segment) -> bool:
        if not self._words.isdisjoint(segment.mentions):
            return True
        named = [form for name, form in self._forms if name in segment.mentions]
        return bool(named) and any(form.search(segment.spoken) for form in named)

    def _segment(self, place: Place) -> Segment | None:
        source = self._program.source(place[0])
        return None if source is None else source.segments[place[1]]

    def _neighbours(self, place: Place, segment: Segment) -> tuple[Place, ...]:
        """The statements behind the names that a statement mentions."""
        path, number = place
        known = self._leads.setdefault(path, {})
        if number not in known:
            known[number] = tuple(self._behind(path, segment))
        return known[number]

    def _behind(self, path: str, segment: Segment) -> Iterator[Place]:
        found: set[tuple[str, str]] = set()
        if segment.kind == "import":
            return  # whoever uses the names goes on from there
        for name in self._bound(path, segment.mentions):
            yield from self._meant(path, name, segment.mentions, found)
        for imported in segment.imports:
            yield from self._followed(path, imported, imported.name or "", segment.mentions, found)

    def _meant(self, path: str, name: str, mentions: frozenset[str], found: set[tuple[str, str]]) -> Iterator[Place]:
        """The statements behind a name of a module, through imports."""
        if (path, name) in found:
            return
        found.add((path, name))
        source = self._program.source(path)
        if source is None:
            return
        for number in (*source.names.get(name, ()), *source.names.get("*", ())):
            segment = source.segments[number]
            if segment.kind != "import":
                yield path, number
                continue
            for imported in segment.imports:
                if imported.bound in (name, "*"):
                    yield from self._followed(path, imported, name, mentions, found)

    def _followed(
        self, path: str, imported: Imported, name: str, mentions: frozenset[str], found: set[tuple[str, str]]
    ) -> Iterator[Place]:
        """What an imported name stands for: a name of another module, or a module of which any name may be meant."""
        target = self._program.locate(imported.module, imported.level, path)
        if target is None:
            return
        if imported.name is None:
            inner: str | None = target
        elif target.endswith(".py"):
            wanted = name if imported.name == "*" else imported.name
            yield from self._meant(target, wanted, mentions, found)
            if posixpath.basename(target) != "__init__.py":
                return
            inner = self._program.resolve(wanted, posixpath.dirname(target))
        else:
            inner = self._program.resolve(imported.name, target)
        if inner is not None and inner.endswith(".py"):
            for each in self._bound(inner, mentions):
                yield from self._meant(inner, each, mentions, found)

    def _bound(self, path: str, mentions: frozenset[str]) -> frozenset[str]:
        """Those of some names that a module may bind: all of them after a star import."""
        source = self._program.source(path)
        if source is None:
            return frozenset()
        return mentions if "*" in source.names else mentions & source.names.keys()


def _led_to(source: Source, start: list[int]) -> set[int]:
    """These statements of a file, those that mention what they bind or touch, and so on."""
    found, pending = set(start), [*start]
    if not pending:
        return found
    bound_by: dict[int, list[str]] = {}
    mentioned_by: dict[str, list[int]] = {name: [] for name in source.names}
    for name, numbers in source.names.items():
        for number in numbers:
            bound_by.setdefault(number, []).append(name)
    for segment in source.segments:
        if segment.kind != "import":
            for name in segment.mentions & source.names.keys():
                mentioned_by[name].append(segment.number)
    while pending:
        number = pending.pop()
        if source.segments[number].kind != "import":
            fresh = {one for name in bound_by.get(number, ()) for one in mentioned_by.pop(name, ())} - found
            found |= fresh
            pending.extend(fresh)
    return found


def _form(word: str) -> re.Pattern[str]:
    """``.name`` or ``name(`` as it stands in a text, and not as a part of a longer name."""
    before, after = r"(?<!\w)" if word[0] != "." else "", r"(?!\w)" if word[-1] != "(" else ""
    return re.compile(before + re.escape(word) + after)


def needed(segments: tuple[Segment, ...], seeds: list[Segment]) -> list[Segment]:
    """The seeds, the statements that bind what they mention, and those that touch what these bind, in order."""
    included = {segment.number for segment in seeds}
    mentioned = frozenset().union(*(segment.mentions for segment in seeds))
    bound = {name for segment in seeds for name in segment.touches}
    changed = True
    while changed:
        changed = False
        for segment in segments:
            if segment.number in included:
                continue
            binds = not mentioned.isdisjoint(segment.touches) or "*" in segment.touches
            uses = segment.kind == "other" and not bound.isdisjoint(segment.mentions)
            if binds or uses:
                included.add(segment.number)
                mentioned |= segment.mentions
                bound |= segment.touches
                changed = True
    return [segment for segment in segments if segment.number in included]
