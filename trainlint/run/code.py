"""Changes of a program's text, told of places: what a fix is made of.

Every change is a tuple of edits; an empty one says that it cannot be made for certain. Comments, line ends, tabs and
the layout around it stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias, get_args

from attrs import frozen

from trainlint.model import Edit, Span
from trainlint.semantics.values import Place
from trainlint.source.opaque import opaque_spans
from trainlint.syntax import tree
from trainlint.syntax.parse import parse
from trainlint.syntax.spans import span

if TYPE_CHECKING:
    from trainlint.semantics.imports import Program
    from trainlint.source.source import Source

Edits: TypeAlias = tuple[Edit, ...]
_STATEMENTS = get_args(tree.Statement)
_ATOMS = (tree.Name, tree.Attribute, tree.Call, tree.Subscript, tree.Constant, tree.Format, tree.Comprehension)
_REPEATED = (tree.For, tree.While, tree.FunctionDef, tree.Lambda, tree.Comprehension, tree.ClassDef)
_OPEN = (tree.Argument, *_STATEMENTS)  # what holds an expression of any kind without parentheses
_END = re.compile(rb"\r\n|\n|\r")
_BLANK = re.compile(rb"[ \t\f]*")
_AFTER = re.compile(rb"[ \t\f]*(?:#[^\r\n]*)?(\r\n|\n|\r|\Z)")
_EMPTY = re.compile(rb"[ \t\f]*(?=\r|\n|\Z)")
_TAB = re.compile(rb"(?m)^\t")
_COMMA = re.compile(rb"[ \t\f]*,")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z")


@frozen
class Code:
    """The text of a program."""

    program: Program

    # What is there ----------------------------------------------------------------------------------------------------

    def node(self, place: Place) -> tree.Tree | None:
        """What stands at a place."""
        chain = self.chain(place)
        return chain[-1] if chain else None

    def chain(self, place: Place) -> tuple[tree.Tree, ...]:
        """What stands at a place, and all around it, the top-level statement first."""
        segment = self.program.segment(place)
        return () if segment is None else tree.chain(parse(segment), place.at)

    def statement(self, place: Place) -> Place | None:
        """The innermost statement around a place."""
        found = next((each for each in reversed(self.chain(place)) if isinstance(each, _STATEMENTS)), None)
        return None if found is None else self.beside(place, found)

    def function(self, place: Place) -> Place | None:
        """The innermost function around a place."""
        kinds = (tree.FunctionDef, tree.Lambda)
        found = next((each for each in reversed(self.chain(place)[:-1]) if isinstance(each, kinds)), None)
        return None if found is None else self.beside(place, found)

    def beside(self, place: Place, node: tree.Tree) -> Place:
        """The place of another node of the same segment."""
        return Place(place.path, place.segment, node.at)

    def text(self, place: Place) -> str:
        """How a place is written."""
        lies = self._lies(place)
        return "" if lies is None else lies.text

    def name(self, place: Place) -> str:
        """A name or a chain of attributes as it is written, such as ``self.optimizer``; empty for anything else."""
        text = self.text(place)
        return text if isinstance(self.node(place), tree.Name | tree.Attribute) and _DOTTED.match(text) else ""

    def block(self, place: Place) -> tuple[tree.Statement, ...]:
        """The statements among which the innermost statement around a place stands; empty at the top level."""
        chain = [each for each in self.chain(place) if isinstance(each, (*_STATEMENTS, tree.Handler, tree.Case))]
        if len(chain) < 2:
            return ()
        return next((body for body in _bodies(chain[-2]) if any(each is chain[-1] for each in body)), ())

    def later(self, first: Place, second: Place) -> Place | None:
        """The statement after that around ``first``, in the same block, in which ``second`` lies."""
        block, here, there = self.block(first), self.statement(first), self.chain(second)
        if here is None or (first.path, first.segment) != (second.path, second.segment):
            return None
        begun = False
        for each in block:
            if begun and any(each is one for one in there):
                return self.beside(first, each)
            begun = begun or each.at == here.at
        return None

    def is_direct(self, outer: Place, inner: Place) -> bool:
        """Whether something within a statement happens once when the statement does: no loop or function is between."""
        chain = self.chain(inner)
        around = [index for index, each in enumerate(chain) if each.at == outer.at]
        return bool(around) and not any(isinstance(each, _REPEATED) for each in chain[around[0] :])

    def called(self, place: Place) -> str:
        """The name of what is called at a place; empty if it has none."""
        call = self.call(place)
        return "" if call is None else self.name(self.beside(place, call.function))

    def widest(self, place: Place, apart: Iterable[Place]) -> Place | None:
        """The largest statement around a place within its function that none of some other places lies in."""
        others = {id(each) for other in apart for each in self.chain(other)}
        found = None
        for each in reversed(self.chain(place)):
            if isinstance(each, tree.FunctionDef | tree.Lambda | tree.ClassDef) or id(each) in others:
                break
            found = each if isinstance(each, _STATEMENTS) else found
        return None if found is None else self.beside(place, found)

    def owner(self, place: Place) -> str:
        """The object that a call without arguments is a method of, or else the only argument; empty if unnamed."""
        call = self.call(place)
        if call is None:
            return ""
        if not call.arguments and isinstance(call.function, tree.Attribute):
            return self.name(self.beside(place, call.function.value))
        if len(call.arguments) == 1 and not call.arguments[0].keyword and not call.arguments[0].star:
            return self.name(self.beside(place, call.arguments[0].value))
        return ""

    # Expressions ------------------------------------------------------------------------------------------------------

    def replace(self, place: Place, text: str, *, atom: bool = True) -> Edits:
        """Another text in place of an expression; one that is no ``atom`` gets parentheses where it needs them."""
        lies, chain = self._lies(place), self.chain(place)
        if lies is None or not chain or lies.has_comment or "\n" in text:
            return ()
        bare = atom or lies.in_parentheses or (len(chain) > 1 and isinstance(chain[-2], _OPEN))
        return (lies.edit(text if bare else f"({text})"),)

    def unwrap(self, place: Place, inner: Place) -> Edits:
        """A part of an expression in place of the whole."""
        lies, kept, chain = self._lies(place), self._lies(inner), self.chain(place)
        if lies is None or kept is None or not chain or lies.commented(lies.start, kept.start):
            return ()
        if lies.commented(kept.end, lies.end):
            return ()
        atom = isinstance(self.node(inner), _ATOMS)
        closed = atom or lies.in_parentheses
        bare = closed or (len(chain) > 1 and isinstance(chain[-2], _OPEN) and "\n" not in kept.text)
        return (lies.edit(kept.text if bare else f"({kept.text})"),)

    def append(self, place: Place, text: str) -> Edits:
        """More after an expression, such as a call of a method, with parentheses where it needs them."""
        lies = self._lies(place)
        if lies is None:
            return ()
        if isinstance(self.node(place), _ATOMS):
            return (Edit(Span(lies.path, lies.end, lies.end), text),)
        return (lies.edit(f"({lies.text}){text}"),)

    def rename(self, place: Place, name: str) -> Edits:
        """Another last name of a chain of attributes."""
        node, lies = self.node(place), self._lies(place)
        if lies is None or not isinstance(node, tree.Attribute) or not lies.text.endswith(node.attr):
            return ()
        size = len(node.attr.encode())
        return (Edit(Span(lies.path, lies.end - size, lies.end), name),)

    # Arguments and items ----------------------------------------------------------------------------------------------

    def call(self, place: Place) -> tree.Call | None:
        """The call at a place, if one is there."""
        node = self.node(place)
        return node if isinstance(node, tree.Call) else None

    def argument(self, place: Place, keyword: str, position: int | None = None) -> tree.Argument | None:
        """An argument of the call at a place, by its keyword or its position."""
        call = self.call(place)
        if call is None or any(each.star for each in call.arguments):
            return None
        for index, each in enumerate(call.arguments):
            if each.keyword == keyword or (each.keyword is None and index == position):
                return each
        return None

    def set_keyword(self, place: Place, keyword: str, text: str) -> Edits:
        """A keyword argument of a call: its value replaced, or a new one after all others."""
        call, lies = self.call(place), self._lies(place)
        if call is None or lies is None:
            return ()
        for each in call.arguments:
            if each.keyword == keyword:
                return self.replace(self.beside(place, each.value), text)
        if not call.arguments:
            inside = lies.source.original[: lies.end]
            opening = inside.rfind(b"(", lies.start)
            if inside[opening + 1 : -1].strip():
                return ()
            return (Edit(Span(lies.path, lies.end - 1, lies.end - 1), f"{keyword}={text}"),)
        last = self._lies(self.beside(place, call.arguments[-1]))
        if last is None or (len(call.arguments) == 1 and isinstance(call.arguments[0].value, tree.Comprehension)):
            return ()
        lead = f",{last.line_end}{last.indent}" if last.begins_line and len(call.arguments) > 0 else ", "
        return (Edit(Span(lies.path, last.end, last.end), f"{lead}{keyword}={text}"),)

    def remove_item(self, place: Place) -> Edits:
        """An item of a list or an argument of a call taken away, with its line if it has one of its own."""
        chain = self.chain(place)
        for holder, item in zip(reversed(chain[:-1]), reversed(chain), strict=False):
            items: tuple[tree.Tree, ...] = ()
            if isinstance(holder, tree.Display):
                items = holder.items
            elif isinstance(holder, tree.Call) and isinstance(item, tree.Argument):
                items = holder.arguments
            elif isinstance(holder, tree.Argument):
                continue
            number = next((index for index, each in enumerate(items) if each is item), None)
            spots = [self._lies(self.beside(place, each)) for each in items]
            if number is None or None in spots:
                return ()
            return _without([each for each in spots if each is not None], number)
        return ()

    def insert_item(self, place: Place, text: str) -> Edits:
        """A new item of a list or argument of a call before the one at a place, on its own line if that has one."""
        lies = self._lies(place)
        if lies is None:
            return ()
        end = f"{lies.line_end}{lies.indent}" if lies.begins_line else " "
        return (Edit(Span(lies.path, lies.start, lies.start), f"{text},{end}"),)

    # Statements -------------------------------------------------------------------------------------------------------

    def remove(self, place: Place) -> Edits:
        """The statement around a place taken away with its line; ``pass`` stays where a block would be empty."""
        lies = self._line(place)
        if lies is None:
            return ()
        if len(self.block(place)) == 1:
            return (lies.edit("pass"),)
        return (Edit(Span(lies.path, lies.line_start, lies.next_line), ""),)

    def insert_before(self, place: Place, text: str) -> Edits:
        """A new statement before the one around a place, equally indented."""
        lies = self._line(place)
        if lies is None:
            return ()
        return (Edit(Span(lies.path, lies.line_start, lies.line_start), f"{lies.indent}{text}{lies.line_end}"),)

    def insert_after(self, place: Place, text: str) -> Edits:
        """A new statement after the one around a place, equally indented."""
        lies = self._line(place)
        if lies is None:
            return ()
        return (Edit(Span(lies.path, lies.last_end, lies.last_end), f"{lies.line_end}{lies.indent}{text}"),)

    def wrap(self, place: Place, head: str) -> Edits:
        """The statement around a place in a block of its own, under a new line such as ``with …:``."""
        lies = self._line(place)
        if lies is None or lies.has_long_string:
            return ()
        step = "\t" if lies.indent.endswith("\t") or (not lies.indent and lies.uses_tabs) else "    "
        above = f"{lies.indent}{head}{lies.line_end}"
        return tuple(
            Edit(Span(lies.path, start, start), f"{above}{step}" if start == lies.line_start else step)
            for start in lies.line_starts
        )

    def move_after(self, place: Place, other: Place) -> Edits:
        """The statement around a place put after another one, with the comment at its end."""
        return self._move(place, other, after=True)

    def move_before(self, place: Place, other: Place) -> Edits:
        """The statement around a place put before another one, with the comment at its end."""
        return self._move(place, other, after=False)

    def _move(self, place: Place, other: Place, *, after: bool) -> Edits:
        lies, target = self._line(place), self._line(other)
        removed = self.remove(place)
        if lies is None or target is None or not removed or removed[0].content or lies.path != target.path:
            return ()
        line = lies.source.original[lies.start : lies.next_line].decode("utf-8", "replace").rstrip("\r\n")
        if "\n" in line.replace("\r", "\n") and lies.indent != target.indent:
            return ()
        moved = self.insert_after(other, line) if after else self.insert_before(other, line)
        return (*removed, *moved)

    def _line(self, place: Place) -> Lies | None:
        """The statement around a place, if it shares its lines with no other."""
        statement = self.statement(place)
        lies = None if statement is None else self._lies(statement)
        alone = lies is not None and lies.begins_line and lies.ends_line and not lies.text.startswith("elif")
        return lies if alone else None

    def _lies(self, place: Place) -> Lies | None:
        source, segment = self.program.source(place.path), self.program.segment(place)
        if source is None or segment is None or not self.chain(place):
            return None
        return Lies(source, *span(segment, place.at))


@frozen
class Lies:
    """Where something lies: the bytes ``start`` to ``end`` of a source."""

    source: Source
    start: int
    end: int

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def text(self) -> str:
        return self.source.original[self.start : self.end].decode("utf-8", "replace")

    @property
    def line_start(self) -> int:
        """Where its first line begins."""
        data = self.source.original
        return max(data.rfind(b"\n", 0, self.start), data.rfind(b"\r", 0, self.start)) + 1

    @property
    def next_line(self) -> int:
        """Where the line after its last one begins."""
        found = _END.search(self.source.original, self.end)
        return len(self.source.original) if found is None else found.end()

    @property
    def last_end(self) -> int:
        """Where its last line ends, without the line end."""
        found = _END.search(self.source.original, self.end)
        return len(self.source.original) if found is None else found.start()

    @property
    def line_end(self) -> str:
        """How lines end here."""
        data = self.source.original
        found = _END.search(data, self.end) or _END.search(data)
        return "\n" if found is None else found[0].decode()

    @property
    def indent(self) -> str:
        found = _BLANK.match(self.source.original, self.line_start)
        return "" if found is None else found[0].decode()

    @property
    def begins_line(self) -> bool:
        """Whether nothing stands before it on its line."""
        found = _BLANK.match(self.source.original, self.line_start)
        return found is not None and found.end() == self.start

    @property
    def ends_line(self) -> bool:
        """Whether nothing but a comment stands after it on its line."""
        return _AFTER.match(self.source.original, self.end) is not None

    @property
    def line_starts(self) -> list[int]:
        """Where its lines begin, without those that are empty."""
        data = self.source.original
        starts = [self.line_start, *(match.end() for match in _END.finditer(data, self.start, self.end))]
        return [start for start in starts if (found := _EMPTY.match(data, start)) is None or found.end() > self.end]

    @property
    def uses_tabs(self) -> bool:
        """Whether lines of the file are indented with tabs."""
        return _TAB.search(self.source.original) is not None

    @property
    def has_long_string(self) -> bool:
        """Whether there is a string in it that goes over the end of a line: its lines are not to be indented."""
        data = self.source.original
        strings = ((start, end) for start, end in opaque_spans(data) if data[start : start + 1] != b"#")
        return any(self.start <= start < self.end and _END.search(data, start, end) for start, end in strings)

    @property
    def in_parentheses(self) -> bool:
        data = self.source.original
        before, after = data[: self.start].rstrip(), data[self.end :].lstrip()
        return before.endswith((b"(", b"[")) and after.startswith((b")", b"]"))

    @property
    def has_comment(self) -> bool:
        return self.commented(self.start, self.end)

    def commented(self, start: int, end: int) -> bool:
        """Whether there is a comment between two bytes of the source."""
        data = self.source.original
        if b"#" not in data[start:end]:
            return False
        return any(data[at : at + 1] == b"#" and start <= at < end for at, _ in opaque_spans(data))

    def edit(self, content: str) -> Edit:
        return Edit(Span(self.path, self.start, self.end), content)


def _without(items: list[Lies], number: int) -> Edits:
    """One of some items that commas keep apart taken away."""
    item, data = items[number], items[number].source.original
    comma = _COMMA.match(data, item.end)
    end = item.end if comma is None else comma.end()
    rest = _AFTER.match(data, end)
    if item.begins_line and rest is not None:
        return (Edit(Span(item.path, item.line_start, rest.end()), ""),)
    if number + 1 < len(items):
        start, end = item.start, items[number + 1].start
    elif number:
        start, end = items[number - 1].end, item.end
    else:
        start = item.start
    between = data[start : item.start] + data[item.end : end]
    if between.strip(b" \t\r\n,"):
        return ()  # a comment, or parentheses
    return (Edit(Span(item.path, start, end), ""),)


def _bodies(node: tree.Tree) -> Iterator[tuple[tree.Statement, ...]]:
    """The blocks of a statement."""
    for name in ("body", "orelse", "finally_body"):
        body = getattr(node, name, ())
        if isinstance(body, tuple) and body:
            yield body
