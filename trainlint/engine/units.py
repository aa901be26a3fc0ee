"""Units that are checked again and again: a result holds for as long as the program that it rests on means the same."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, field

from trainlint.engine import unit
from trainlint.engine.moves import Moves
from trainlint.engine.reading import Reading, same_outlines
from trainlint.engine.unit import Result, UnitOptions
from trainlint.engine.versions import Changes, Same, same, unused
from trainlint.knowledge.library import with_project_files
from trainlint.source.sources import Sources


@define
class _Known:
    """A result, and the texts that it was found in."""

    options: UnitOptions
    reading: Reading
    result: Result | None = None
    """None if the check was broken off."""

    def now(self, changes: Changes) -> Result | None:
        """The result with its places in other texts; None if it might be another one."""
        if self.result is None:
            return None
        found: dict[str, Same] = {}
        for path, versions in changes.items():
            alike = same(*versions)
            if alike is None:
                return None
            found[path] = alike
        knowledge = with_project_files(self.options.knowledge)
        texts = (*self.reading.texts.values(), *(after for _, after in changes.values()))
        if not unused(found, texts, knowledge.triggers | knowledge.triggers_here):
            return None
        return Moves(changes, {path: each.pairs for path, each in found.items()}).result(self.result)


@define
class Units:
    """Checks units, and remembers for each root what its result rests on."""

    _known: dict[str, _Known] = field(factory=dict)

    def check(
        self, path: str, sources: Sources, options: UnitOptions, watch: Callable[[], object] | None = None
    ) -> Result:
        """The same as `unit.check`, without work where a change in the texts cannot matter.

        What ``watch`` raises, which is called now and then, breaks it off.
        """
        known = self._known.get(path)
        reading = Reading(sources)
        if known is not None and known.options == options:
            changes = known.reading.changed(sources)
            if changes is not None:
                result = known.now(changes)
                if result is not None:
                    return result
                keep = all(same_outlines(*versions) for versions in changes.values())
                reading = known.reading.again(sources, changes, keep)
        known = self._known[path] = _Known(options, reading)
        known.result = unit.check(path, reading, options, watch)
        return known.result

    def settle(self, path: str) -> None:
        """Keep of a root only its result, and what that rests on: it is not being edited."""
        known = self._known.get(path)
        if known is not None:
            known.reading.derived, known.reading.tables, known.reading.located = {}, {}, {}

    def readers(self, path: str) -> list[str]:
        """The roots whose results rest on the text of a file."""
        return [root for root, known in self._known.items() if path in known.reading.texts]

    def forget(self, path: str | None = None) -> None:
        """Drop what is known of one root, or of all."""
        if path is None:
            self._known.clear()
        else:
            self._known.pop(path, None)
