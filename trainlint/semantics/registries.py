"""Registries: what importing the whole program would have put into a dictionary of a module.

Modules are evaluated name by name, so a decorator that enters its class into a table elsewhere has not run when the
table is read. Real imports run every statement of every module in the import closure; reading an entry that is not
there makes up for the statements that could have made it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.semantics.values import Flag, Object, Place, Text, Value

if TYPE_CHECKING:
    from trainlint.semantics.imports import Program
    from trainlint.semantics.machine import Machine
    from trainlint.source.contents import Imported
    from trainlint.source.segments import Segment
    from trainlint.source.source import Source

_TARGET = re.compile(rb"([^\W\d]\w*)[ \t]*(?::[^=\n]+)?=(?!=)")
MOST = 300  # statements that are evaluated for one table
LARGE = 40  # so many that they are not all looked through: only those that speak of what is asked for
TABLE_FUEL = 4_000  # steps that may go into looking for the entries of a table


def complete(machine: Machine, table: Object, key: Value | None = None) -> bool:
    """Run the statements that may enter something into a table of a module; whether there is nothing more in it.

    Those that speak of the ``key`` come first. While a definition enters itself it finds what is there so far, as any
    registration does.
    """
    home = _home(machine, table)
    program = machine.program
    if home is None or program.is_running(home.path, home.segment):
        return True
    registrations = _registrations(program, home)
    if any(program.is_defining(path, number) for path, number in registrations):
        return True
    pending = list(program.not_run(machine, registrations))
    word = key.value if isinstance(key, Text) else None
    if word:
        _run(machine, [each for each in pending if _names(program, each, word)])
    if len(pending) > LARGE:
        return False
    space, given_up = program.namespace(machine, home.path), f"@given up:{home.segment}"
    if machine.heap.get(space, given_up) is not None:
        return False
    if word:
        pending = list(program.not_run(machine, pending))
    if _run(machine, pending):
        return True
    machine.heap.set(space, given_up, Flag(True))
    return False


def _run(machine: Machine, statements: list[tuple[str, int]]) -> bool:
    """Run statements; False if there were too many."""
    if not statements and machine.fuel > 0:
        return True
    exhausted = machine.exhausted
    with machine.budget(TABLE_FUEL):
        for path, number in statements:
            if machine.fuel > 0:
                machine.program.run_segment(machine, path, number)
        left = machine.fuel > 0
    machine.exhausted = exhausted
    return left


def _names(program: Program, place: tuple[str, int], word: str) -> bool:
    """Whether a statement defines a name, or mentions it or has it in quotes."""
    source = program.source(place[0])
    segment = None if source is None else source.segments[place[1]]
    if segment is None:
        return False
    return word == segment.name or (word in segment.mentions if word.isidentifier() else word.encode() in segment.data)


def _home(machine: Machine, table: Object) -> Place | None:
    """The statement of a project's module that made a table; None for one that a function made while it ran."""
    site, place = table.id.site, table.id.place
    while site.parent is not None:
        place, site = site.place, site.parent
    if place is None or place.segment < 0 or place.path.startswith("stub:"):
        return None
    return place


def _registrations(program: Program, home: Place) -> list[tuple[str, int]]:
    key = ("registrations", program.root, program.folders, home.path, home.segment)
    known: list[tuple[str, int]] | None = program.sources.derived.get(key)
    if known is None:
        known = program.sources.derived[key] = _found(program, home)[:MOST]
    return known


def _found(program: Program, home: Place) -> list[tuple[str, int]]:
    source = program.source(home.path)
    segment = program.segment(home)
    names = set() if segment is None else _bound(segment)
    if source is None or not names:
        return []
    bound = _definitions(program, source)
    growing = True
    while growing:  # what of its module enters something: register(), a method taken from the table
        growing = False
        for each, own in bound:
            if own <= names or names.isdisjoint(each.mentions):
                continue
            if each.kind in ("def", "class") or b"=" in each.data:
                names |= own
                growing = True
    mentions = _mentions(program)
    found = sorted({each for name in names for each in mentions.get(name, ())})
    return [(path, number) for _, path, number in found if (path, number) != (home.path, home.segment)]


def _mentions(program: Program) -> dict[str, list[tuple[int, str, int]]]:
    """Of all files that the root file imports what `_heads` gives, with the rank of the file among these."""
    key = ("mentions", program.root, program.folders)
    known: dict[str, list[tuple[int, str, int]]] | None = program.sources.derived.get(key)
    if known is None:
        known = program.sources.derived[key] = {}
        for rank, path in enumerate(closure(program)):
            for name, numbers in _heads(program, path).items():
                known.setdefault(name, []).extend((rank, path, number) for number in numbers)
    return known


def _heads(program: Program, path: str) -> dict[str, list[int]]:
    """For each name the statements of a file that mention it as they run, and may enter something into a table."""
    table = program.sources.tables.setdefault("heads", {})
    known: dict[str, list[int]] | None = table.get(path)
    if known is None:
        known = table[path] = {}
        source = program.source(path)
        for each in () if source is None else source.segments:
            if each.kind in ("other", "class") or each.data.startswith(b"@"):
                for name in each.head:
                    known.setdefault(name, []).append(each.number)
    return known


def _definitions(program: Program, source: Source) -> list[tuple[Segment, set[str]]]:
    """The statements of a file, with what they bind."""
    table = program.sources.tables.setdefault("bound", {})
    known: list[tuple[Segment, set[str]]] | None = table.get(source.path)
    if known is None:
        known = table[source.path] = [(each, _bound(each)) for each in source.segments if each.kind != "import"]
    return known


def _bound(segment: Segment) -> set[str]:
    """The name that a statement defines, or assigns first of all."""
    if segment.name is not None:
        return {segment.name}
    match = _TARGET.match(segment.data)
    return set() if match is None else {match.group(1).decode("utf-8", "replace")}


def closure(program: Program) -> list[str]:
    """The files that running the root file imports, the root last, what is imported first before what imports it."""
    key = ("closure", program.root, program.folders)
    known: list[str] | None = program.sources.derived.get(key)
    if known is not None:
        return known
    order: list[str] = []
    seen = {program.root}
    pending: list[tuple[str, bool]] = [(program.root, False)]
    while pending:
        path, done = pending.pop()
        if done:
            order.append(path)
            continue
        pending.append((path, True))
        for other in reversed(imported(program, path)):
            if other not in seen:
                seen.add(other)
                pending.append((other, False))
    program.sources.derived[key] = order
    return order


def imported(program: Program, path: str) -> list[str]:
    """The files of the project that a file imports, in the order of its statements."""
    table = program.sources.tables.setdefault(("imported", program.folders), {})
    known: list[str] | None = table.get(path)
    if known is None:
        known = table[path] = _imports(program, path)
    return known


def _imports(program: Program, path: str) -> list[str]:
    source = program.source(path)
    found: dict[str, None] = {}
    for segment in () if source is None else source.segments:
        for each in segment.imports:
            found.update(dict.fromkeys(led_to(program, each, path)))
    return list(found)


def led_to(program: Program, each: Imported, path: str) -> Iterator[str]:
    """The files of the project that run because a file imports something."""
    dots = each.module.split(".") if each.module else []
    for count in range(0 if each.level else 1, len(dots) + 1):
        module = program.locate(".".join(dots[:count]), each.level, path)
        if module is None:
            break
        if module.endswith(".py"):
            yield module
        if count == len(dots) and each.name is not None:
            folder = posixpath.dirname(module) if module.endswith("__init__.py") else module
            inner = None if module.endswith(".py") and folder == module else program.resolve(each.name, folder)
            if inner is not None and inner.endswith(".py"):
                yield inner
