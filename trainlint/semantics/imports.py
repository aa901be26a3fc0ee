"""Modules: where an import leads, and names of a module evaluated when somebody asks for them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from trainlint.semantics.machine import Activation, Frame
from trainlint.semantics.names import bind
from trainlint.semantics.values import Flag, Library, Module, ObjectId, Place, Sequence, Text, Value
from trainlint.source.source import Source
from trainlint.syntax import tree
from trainlint.syntax.parse import parse

if TYPE_CHECKING:
    from trainlint.knowledge.library import Library as Knowledge
    from trainlint.semantics.machine import Machine
    from trainlint.source.segments import Segment
    from trainlint.source.sources import Sources

STUB = "stub:"
_TEXTS: dict[str, Source] = {}  # stub modules are part of the program text: one copy for all units


class Program:
    """The modules that one root file can see: its own folder first, then the folders above it, then ``src``."""

    def __init__(self, root: str, sources: Sources, knowledge: Knowledge, folders: tuple[str, ...] = ()) -> None:
        self.root = root
        self.sources = sources
        self.knowledge = knowledge
        self.folders = folders or search_folders(root)
        self.read: dict[str, Source | None] = {}
        self._resolved: dict[tuple[str, str], str | None] = sources.located.setdefault("resolved", {})
        self._found: dict[tuple[str, str], str | None] = sources.located.setdefault(("found", self.folders), {})
        self._spaces: dict[str, ObjectId] = {}
        self._all_spoken: dict[frozenset[tuple[str, int]], frozenset[str]] = {}
        self._libraries: dict[str, tuple[Library, str, str]] = {}
        self._reached: dict[str, int] = {}  # the segment of a module that is being run: later ones have not happened

    # Files ------------------------------------------------------------------------------------------------------------

    def source(self, path: str) -> Source | None:
        if path in self.read:
            return self.read[path]
        if path.startswith(STUB):
            if path not in _TEXTS:
                _TEXTS[path] = Source.read(path, self.knowledge.stub_text(path[len(STUB) :]))
            return _TEXTS[path]
        try:
            self.read[path] = self.sources.get(path)
        except OSError:
            self.read[path] = None
        return self.read[path]

    def segment(self, place: Place) -> Segment | None:
        source = self.source(place.path)
        return (
            None if source is None or not 0 <= place.segment < len(source.segments) else source.segments[place.segment]
        )

    def definition(self, place: Place) -> tree.Tree | None:
        """The def or class statement at a place."""
        segment = self.segment(place)
        found = () if segment is None else tree.chain(parse(segment), place.at)
        return found[-1] if found else None

    def spoken(self, path: str, segment: int) -> frozenset[str]:
        """Every name that a statement mentions, and those that the statements behind these names do in its file."""
        known: dict[int, frozenset[str]] = self.sources.tables.setdefault("spoken", {}).setdefault(path, {})
        if segment not in known:
            known[segment] = self._spoken(path, segment)
        return known[segment]

    def all_spoken(self, code: frozenset[tuple[str, int]]) -> frozenset[str]:
        """The names that several statements mention, of whatever file."""
        names = self._all_spoken.get(code)
        if names is None:
            names = self._all_spoken[code] = frozenset().union(*(self.spoken(*each) for each in code))
        return names

    def asked(self, path: str, segment: int) -> frozenset[str]:
        """Those of these names that the file itself may bind."""
        known: dict[int, frozenset[str]] = self.sources.tables.setdefault("asked", {}).setdefault(path, {})
        if segment not in known:
            source = self.source(path)
            spoken = self.spoken(path, segment)
            known[segment] = spoken if source is None or "*" in source.names else spoken & source.names.keys()
        return known[segment]

    def _spoken(self, path: str, segment: int) -> frozenset[str]:
        source = self.source(path)
        if source is None or not 0 <= segment < len(source.segments):
            return frozenset()
        names: set[str] = set()
        seen, pending = {segment}, [segment]
        while pending:
            fresh = source.segments[pending.pop()].mentions - names
            names |= fresh
            for number in (number for name in fresh for number in source.names.get(name, ())):
                if number not in seen and source.segments[number].kind in ("def", "class"):
                    seen.add(number)
                    pending.append(number)
        return frozenset(names)

    def resolve(self, name: str, folder: str) -> str | None:
        """The file, or the folder of a package without ``__init__``, that a dotted name means below ``folder``."""
        key = (name, folder)
        if key not in self._resolved:
            self._resolved[key] = self.sources.module(posixpath.join(folder, *name.split(".")) if name else folder)
        return self._resolved[key]

    def find(self, name: str, importer: str) -> str | None:
        """The project file that an absolute import means; folders without any Python file in view are no modules."""
        key = (name, importer)
        if key not in self._found:
            self._found[key] = self._search(name, posixpath.dirname(importer))
        return self._found[key]

    def _search(self, name: str, beside: str) -> str | None:
        namespace_folder = None
        for folder in (*self.folders, beside):
            first = self.resolve(name.partition(".")[0], folder)
            if first is None:
                continue
            if not first.endswith(".py"):
                if name.partition(".")[0] in self.knowledge.roots:
                    continue  # an installed package comes before a folder that only has its name
                found = self.resolve(name, folder)
                if found is not None and found.endswith(".py"):
                    return found
                namespace_folder = namespace_folder or found
                continue
            return self.resolve(name, folder)
        return namespace_folder

    def locate(self, module: str, level: int, importer: str) -> str | None:
        """The file or folder that ``from module import`` means in a file, with ``level`` dots before it."""
        if level == 0:
            return self.find(module, importer)
        folder = posixpath.dirname(importer)
        for _ in range(level - 1):
            folder = posixpath.dirname(folder)
        return self.resolve(module, folder)

    # Names of a module ------------------------------------------------------------------------------------------------

    def namespace(self, machine: Machine, path: str) -> ObjectId:
        id = self._spaces.get(path)
        if id is None:
            id = self._spaces[path] = machine.identity(Place(path, -1, 0), 0, machine.root_site)
            machine.frames[id] = Frame(None, path)
        return id

    def member(self, machine: Machine, path: str, name: str) -> Value | None:
        """The value of a module's name, evaluating the segments that bind or touch it; None if it has none."""
        space = self.namespace(machine, path)
        source = self.source(path)
        index = {} if source is None else source.names
        reached = self._reached.get(path)
        record = machine.heap.record(space)
        for number in (*index.get(name, ()), *index.get("*", ())):
            if (reached is None or number < reached) and _ran(number) not in record:
                self.run_segment(machine, path, number)
                record = machine.heap.record(space)
        held = record.get(name)
        if held is not None:
            return held
        if name == "__name__":
            return Text("__main__" if path == self.root else posixpath.basename(path)[:-3])
        if name == "__file__":
            return Text(path)
        stars = record.get("@stars")
        for module in stars.head if isinstance(stars, Sequence) else ():
            if isinstance(module, Module) and module.path != path and not name.startswith("_"):
                held = self.member(machine, module.path, name)
            elif isinstance(module, Library) and self.knowledge.known(f"{module.name}.{name}"):
                held = self.library_member(machine, module, name)
            if held is not None:
                return held
        return None

    def is_running(self, path: str, number: int) -> bool:
        """Whether a module has not got beyond a segment yet."""
        return self._reached.get(path, number + 1) <= number

    def is_defining(self, path: str, number: int) -> bool:
        """Whether a definition of a module is being made, its decorators included."""
        if self._reached.get(path) != number:
            return False
        source = self.source(path)
        return source is not None and source.segments[number].kind in ("def", "class")

    def not_run(self, machine: Machine, segments: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
        """Those segments that have not been run, and could have been by now."""
        spaces = {path: machine.heap.record(self.namespace(machine, path)) for path in {path for path, _ in segments}}
        for path, number in segments:
            if _ran(number) not in spaces[path] and not self.is_running(path, number):
                yield path, number

    def run_segment(self, machine: Machine, path: str, number: int) -> None:
        """Execute one segment of a module at its top level, once."""
        space = self.namespace(machine, path)
        mark = _ran(number)
        if machine.heap.get(space, mark) is not None:
            return
        machine.heap.set(space, mark, Flag(True))
        source = self.source(path)
        if source is None:
            return
        caller = machine.activation
        machine.activation = Activation(space, path, number, machine.root_site, captured=True)
        kept = machine.state
        before = self._reached.get(path)
        self._reached[path] = number
        try:
            machine.execute(parse(source.segments[number]))
        finally:
            machine.activation = caller
            if before is None:
                del self._reached[path]
            else:
                self._reached[path] = before
        if machine.state is None and path != self.root:
            machine.state = kept  # an import that raises is somebody else's trouble

    def module_member(self, machine: Machine, module: Module, name: str) -> Value | None:
        if module.path.endswith(".py"):
            held = self.member(machine, module.path, name)
            if held is not None:
                return held
            if posixpath.basename(module.path) != "__init__.py":
                return None
        folder = posixpath.dirname(module.path) if module.path.endswith(".py") else module.path
        inner = self.resolve(name, folder)
        return None if inner is None else self.module(machine, inner)

    def module(self, machine: Machine, path: str) -> Module:
        return Module(path, self.namespace(machine, path))

    # Libraries --------------------------------------------------------------------------------------------------------

    def library(self, machine: Machine, name: str) -> Value:
        """A library name as a value: the class or function of a stub where there is one."""
        known = self._libraries.get(name)
        if known is None:
            known = self._libraries[name] = self._library(name)
        library, module, member = known
        if module:
            held = machine.heap.get(self.namespace(machine, module), member) if module not in self._reached else None
            found = self.member(machine, module, member) if held is None else held
            if found is not None:
                return found
        return library

    def _library(self, name: str) -> tuple[Library, str, str]:
        """What a library name means, and the module of stubs and the name in it that stand for it."""
        written = name if self.knowledge.is_synonym(name) else ""
        name = self.knowledge.canonical(name)
        entry = self.knowledge.entries.get(name)
        if entry is None or entry.stub is None:
            return Library(name, written), "", ""
        module, _, member = entry.stub.partition(".")
        return Library(name, written), STUB + module, member

    def library_member(self, machine: Machine, library: Library, name: str) -> Value:
        return self.library(machine, f"{library.name}.{name}")


@cache
def _ran(number: int) -> str:
    """The slot of a module that says that a segment of it has been run."""
    return f"@ran:{number}"


def search_folders(root: str) -> tuple[str, ...]:
    """The script's own folder, then those above it up to the working directory, each with its ``src``."""
    folders = []
    folder = posixpath.dirname(root)
    while True:
        folders.append(folder)
        if not folder or folder == "/":
            break
        folder = posixpath.dirname(folder)
    return tuple(each for folder in folders for each in (folder, posixpath.join(folder, "src")))


def run_import(machine: Machine, s: tree.Import) -> None:
    for item in s.names:
        module = _module(machine, item.name)
        if item.bound_as is not None:
            bind(machine, item.bound_as, module)
            continue
        first, _, rest = item.name.partition(".")
        bind(machine, first, _module(machine, first) if rest else module)


def _module(machine: Machine, name: str) -> Value:
    path = machine.program.find(name, machine.activation.path) if not _is_stub(machine) else None
    if path is not None:
        return machine.program.module(machine, path)
    return machine.program.library(machine, name)


def _is_stub(machine: Machine) -> bool:
    return machine.activation.path.startswith(STUB)


def run_import_from(machine: Machine, s: tree.ImportFrom) -> None:
    program = machine.program
    path = None if _is_stub(machine) else program.locate(s.module, s.level, machine.activation.path)
    if not s.names:
        space = machine.activation.frame
        stars = machine.heap.get(space, "@stars")
        held = stars.head if isinstance(stars, Sequence) else ()
        module = Library(machine.knowledge.canonical(s.module)) if path is None else program.module(machine, path)
        machine.heap.set(space, "@stars", Sequence((*held, module)))
        return
    for item in s.names:
        name = item.bound_as or item.name
        if path is not None:
            value = program.module_member(machine, program.module(machine, path), item.name)
            if value is None:
                value = machine.unknown(f"{item.name} is not in {path}", machine.place(item))
        elif s.level:
            value = machine.unknown(f"the module {s.module or '.'} is not in the project", machine.place(item))
        else:
            value = program.library(machine, f"{s.module}.{item.name}")
        bind(machine, name, value)
