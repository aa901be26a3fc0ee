"""What mends a network or its loss: an activation taken away or replaced, another loss, a layer put before another."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.code import Code, Edits
from trainlint.semantics.evidence import is_hidden
from trainlint.semantics.libraries import short
from trainlint.semantics.values import Node, Place
from trainlint.syntax import tree
from trainlint.syntax.parse import parse

if TYPE_CHECKING:
    from trainlint.knowledge.library import Library
    from trainlint.knowledge.schema import Entry
    from trainlint.run.losses import LossTerm
    from trainlint.source.contents import Content
    from trainlint.source.segments import Segment

_GROWING = frozenset({"add", "append"})  # how a chain gets another item
_SCALING = frozenset({"/", "*"})


@frozen
class Mending:
    """Changes of networks and losses, in the words of the libraries that the program imports."""

    code: Code
    knowledge: Library

    # Names ------------------------------------------------------------------------------------------------------------

    def named(self, place: Place, node: tree.Tree) -> str:
        """The name in knowledge that an expression means by the imports of its file; empty if it is none."""
        written = self.code.name(self.code.beside(place, node))
        root, _, rest = written.partition(".")
        meant = self._imported(place, root) if root else None
        if meant is None:
            return ""
        return self.knowledge.canonical(f"{meant}.{rest}" if rest else meant)

    def entry(self, place: Place, node: tree.Tree) -> Entry | None:
        """What is known of the function or class that an expression names."""
        return self.knowledge.get(self.named(place, node))

    def _imported(self, place: Place, name: str) -> str | None:
        """What a name stands for in a file, if nothing but one import binds it."""
        source = self.code.program.source(place.path)
        if source is None:
            return None
        meant: set[str] = set()
        for segment in source.segments:
            if name not in segment.mentions:
                continue
            for each in segment.imports:
                if each.bound == name and each.level == 0:
                    whole = each.module if each.name is None else f"{each.module}.{each.name}"
                    meant.add(name if each.name is None and each.module.partition(".")[0] == name else whole)
            if segment.kind != "import" and name in _bound(segment):
                return None
        return meant.pop() if len(meant) == 1 else None

    def spelled(self, place: Place, name: str) -> str:
        """How a file writes a name of a library, by its imports; empty if it imports nothing that leads there."""
        source = self.code.program.source(place.path)
        bound = {each.bound for segment in source.segments for each in segment.imports} if source is not None else ()
        for each in sorted(bound):
            meant = self._imported(place, each)
            if meant is not None and (name == meant or name.startswith(f"{meant}.")):
                return each + name[len(meant) :]
        return ""

    def sibling(self, name: str, op: str, **settings: object) -> str:
        """What does ``op`` in the same module as ``name``, and in the same way: the last part of its name."""
        own = self.knowledge.get(name)
        module = name.rpartition(".")[0]
        if own is None:
            return ""
        found = [
            written.rpartition(".")[2]
            for each in self.knowledge.entries.values()
            if each.kind == own.kind and self._op(each) == op
            for written in (each.name, *each.also)
            if written.rpartition(".")[0] == module
            and all(each.set.get(key) == value for key, value in settings.items())
        ]
        return min(found, key=lambda each: (len(each), each), default="")

    def _op(self, entry: Entry) -> str | None:
        """What a function does, or a layer when it is called."""
        if isinstance(entry.call, str):
            return getattr(self.knowledge.get(entry.call), "op", None)
        return entry.op if entry.call is None else entry.call.op

    def gradients_off(self, place: Place) -> str:
        """The head of a block in which no gradients are recorded; empty where the file imports nothing that has one."""
        names = [
            each.name for each in self.knowledge.entries.values() if each.effect == "no_grad" and not each.required
        ]
        written = [spelled for name in sorted(names, key=len) if (spelled := self.spelled(place, name))]
        return f"with {written[0]}():" if written else ""

    # Activations ------------------------------------------------------------------------------------------------------

    def without(self, step: Node | None) -> Edits:
        """An activation taken away: a call, an item of a chain, or what a layer is told to apply."""
        place = None if step is None else step.place
        if step is None or place is None or is_hidden(place):
            return ()
        node = self.code.node(place)
        if not isinstance(node, tree.Call):
            return self._untold(place)
        entry = self.entry(place, node.function)
        if entry is not None and entry.kind == "layer":
            return self._unchained(place)
        inner = self._given(place, node, step, entry)
        return () if inner is None else self.code.unwrap(place, self.code.beside(place, inner))

    def _given(self, place: Place, call: tree.Call, step: Node, entry: Entry | None) -> tree.Tree | None:
        """The tensor that a call is made with."""
        if any(each.star for each in call.arguments):
            return None
        if entry is not None:
            name = entry.parameters[0][0] if entry.parameters else "input"
            found = self.code.argument(place, name, 0)
            return None if found is None else found.value
        if isinstance(call.function, tree.Attribute) and self._is_method(call.function.attr, step):
            return call.function.value
        first = call.arguments[0] if call.arguments else None
        return None if first is None or first.keyword else first.value

    def _is_method(self, name: str, step: Node) -> bool:
        """Whether what a step has called is the method of a tensor with this name."""
        found = (self.knowledge.tensor_method(name, library) for library in ("", *self.knowledge.array_classes))
        return any(each in self.knowledge.entries and short(each) == step.label for each in found)

    def _untold(self, place: Place) -> Edits:
        """The argument taken away that tells a layer what to apply; a layer that does nothing else goes with it."""
        chain = self.code.chain(place)
        if len(chain) < 3 or not isinstance(chain[-2], tree.Argument) or not isinstance(chain[-3], tree.Call):
            return ()
        layer = self.code.beside(place, chain[-3])
        entry = self.entry(place, chain[-3].function)
        if entry is None or entry.then is None or entry.parameters is None:
            return ()
        if entry.then in entry.required:
            return self._unchained(layer)
        told = self.code.argument(layer, entry.then, [name for name, _ in entry.parameters].index(entry.then))
        last = chain[-3].arguments[-1]
        if told is not chain[-2] or dict(entry.parameters)[entry.then] is not None:
            return ()
        return self.code.remove_item(place) if told.keyword or told is last else ()

    def _unchained(self, place: Place) -> Edits:
        """A layer taken out of the chain in which it is made, or out of the call that it is made for."""
        chain = self.code.chain(place)
        above = chain[-2] if len(chain) > 1 else None
        if isinstance(above, tree.Call) and above.function is chain[-1]:
            if len(above.arguments) != 1 or above.arguments[0].keyword or above.arguments[0].star:
                return ()
            return self.code.unwrap(self.code.beside(place, above), self.code.beside(place, above.arguments[0].value))
        if self.is_added(place):
            return self.code.remove(place)
        return self.code.remove_item(place) if self.is_chained(place) else ()

    def is_added(self, place: Place) -> bool:
        """Whether the statement around a place does nothing but add it to a chain."""
        chain = self.code.chain(place)
        if len(chain) < 4 or not isinstance(chain[-2], tree.Argument):
            return False
        call, statement = chain[-3], chain[-4]
        return (
            isinstance(call, tree.Call)
            and isinstance(statement, tree.Evaluate)
            and len(call.arguments) == 1
            and isinstance(call.function, tree.Attribute)
            and call.function.attr in _GROWING
        )

    def is_chained(self, place: Place) -> bool:
        """Whether a place is an item of a chain that is made there and then."""
        chain = self.code.chain(place)
        at = len(chain) - 2
        if at > 0 and isinstance(chain[at], tree.Display):
            at -= 1
        if at < 1 or not isinstance(chain[at], tree.Argument) or not isinstance(chain[at - 1], tree.Call):
            return False
        holder = chain[at - 1]
        entry = self.entry(place, holder.function) if isinstance(holder, tree.Call) else None
        return entry is not None and entry.chain

    def replaced(self, place: Place | None, op: str) -> Edits:
        """An activation that does ``op`` instead, with the same axis if it takes one."""
        if place is None or is_hidden(place):
            return ()
        node = self.code.node(place)
        if isinstance(node, tree.Constant) and isinstance(node.value, str):
            text, told = self.code.text(place), self._word(op)
            return self.code.replace(place, text.replace(node.value, told)) if told else ()
        if not isinstance(node, tree.Call):
            return ()
        name = self.named(place, node.function)
        entry, word = self.knowledge.get(name), self.sibling(name, op)
        other = self.knowledge.get(self.knowledge.canonical(f"{name.rpartition('.')[0]}.{word}"))
        written = self.code.name(self.code.beside(place, node.function))
        if entry is None or other is None or "." not in written or any(each.star for each in node.arguments):
            return ()
        axis, mine = other.roles.get("axis", "axis"), [each for each, _ in entry.parameters or ()]
        named = {each.keyword for each in node.arguments} | set(
            mine[: sum(not each.keyword for each in node.arguments)]
        )
        if dict(other.parameters or ()).get(axis, 0) is None and axis not in named:
            return ()  # nobody says over which axis
        given = ", ".join(self._taken(place, node, entry, other))
        return self.code.replace(place, f"{written.rpartition('.')[0]}.{word}({given})")

    def _taken(self, place: Place, call: tree.Call, entry: Entry, other: Entry) -> Iterator[str]:
        """The arguments of a call that another function, whose input is the same, takes as well."""
        mine, names = ([name for name, _ in each.parameters or ()] for each in (entry, other))
        inputs = 0 if entry.kind == "layer" else 1
        for index, each in enumerate(call.arguments):
            name = each.keyword or (mine[index] if index < len(mine) else "")
            if index < inputs or (name in names and (each.keyword or names.index(name) == index)):
                yield self.code.text(self.code.beside(place, each))
            elif name in names:
                yield f"{name}={self.code.text(self.code.beside(place, each))}"

    def told_mode(self, place: Place) -> Edits:
        """A function told by its flag whether the network around it is in training mode."""
        call = self.code.call(place)
        entry = None if call is None else self.entry(place, call.function)
        function = self.code.function(place)
        method = None if function is None else self.code.node(function)
        if call is None or entry is None or not isinstance(method, tree.FunctionDef) or method.decorators:
            return ()
        names = [name for name, _ in entry.parameters or ()]
        flag = entry.roles.get("active", "training")
        is_method = any(isinstance(each, tree.ClassDef) and method in each.body for each in self.code.chain(place))
        if flag not in names or not is_method or not method.parameters or any(each.star for each in call.arguments):
            return ()
        given = self.code.argument(place, flag, names.index(flag))
        told = f"{method.parameters[0].name}.{flag}"
        if given is not None and given.keyword is None:
            return self.code.replace(self.code.beside(place, given.value), told)
        return self.code.set_keyword(place, flag, told)

    def _word(self, op: str) -> str:
        """The word for a function that does ``op``, where a framework takes words."""
        words = [each.strings[0] for each in self.knowledge.entries.values() if each.strings and each.op == op]
        return min(words, key=len, default="")

    def _word_of(self, name: str) -> str:
        """The word for a loss, where a framework takes words: that of its function, if it has one."""
        entry = self.knowledge.get(name)
        function = self.knowledge.get(entry.call) if entry is not None and isinstance(entry.call, str) else None
        return next((each.strings[0] for each in (function, entry) if each is not None and each.strings), "")

    def told(self, step: Node | None, op: str) -> Edits:
        """A layer told to apply ``op``, which applies nothing so far."""
        place = None if step is None else step.place
        call = None if place is None or is_hidden(place) else self.code.call(place)
        entry = None if place is None or call is None else self.entry(place, call.function)
        if place is None or call is None or entry is None or entry.then is None or entry.parameters is None:
            return ()
        position = [name for name, _ in entry.parameters].index(entry.then)
        given = any(each.keyword == entry.then or each.star for each in call.arguments)
        if given or len([each for each in call.arguments if each.keyword is None]) > position:
            return ()
        word = self._word(op)
        return self.code.set_keyword(place, entry.then, f'"{word}"') if word else ()

    # Data -------------------------------------------------------------------------------------------------------------

    def unscaled(self, place: Place) -> Edits:
        """A scaling by a written number taken away: an operation, or a layer of a chain that does nothing else."""
        node = self.code.node(place)
        if isinstance(node, tree.Augment) and node.op in _SCALING and _is_written(node.value):
            return self.code.remove(place)
        if isinstance(node, tree.Binary) and node.op in _SCALING:
            kept = node.right if node.op == "*" and _is_written(node.left) else node.left
            if kept is node.left and not _is_written(node.right):
                return ()
            return self._assigned(place, kept) or self.code.unwrap(place, self.code.beside(place, kept))
        entry = self.entry(place, node.function) if isinstance(node, tree.Call) else None
        if isinstance(node, tree.Call) and entry is not None and self._op(entry) == "rescale":
            taken = {each for each, _ in entry.parameters or ()}
            return self._unchained(place) if all(each.keyword in {None, *taken} for each in node.arguments) else ()
        return ()

    def _assigned(self, place: Place, kept: tree.Expression) -> Edits:
        """The statement taken away that would give a name to what has it already."""
        chain = self.code.chain(place)
        above = chain[-2] if len(chain) > 1 else None
        if not isinstance(above, tree.Assign) or len(above.targets) != 1 or not isinstance(kept, tree.Name):
            return ()
        target = above.targets[0]
        return self.code.remove(place) if isinstance(target, tree.Name) and target.id == kept.id else ()

    # Losses -----------------------------------------------------------------------------------------------------------

    def loss(self, term: LossTerm, name: str | None) -> Edits:
        """Another loss of the same module in its place, with the same arguments."""
        place = term.creation or term.call
        call = self.code.call(place)
        if name is None or is_hidden(place):
            return ()
        told = self.code.node(term.place)
        if isinstance(told, tree.Constant) and isinstance(told.value, str):
            word = self._word_of(name)
            return self.code.replace(term.place, self.code.text(term.place).replace(told.value, word)) if word else ()
        if call is None:
            return ()
        own, entry = self.named(place, call.function), self.entry(place, call.function)
        other = self.knowledge.get(name)
        if term.creation is None and other is not None and isinstance(other.call, str):
            other = self.knowledge.get(other.call)  # the function instead of the class
        if entry is None or other is None or other.name.rpartition(".")[0] != own.rpartition(".")[0]:
            return ()
        taken = {each for each, _ in other.parameters or ()}
        count = 0 if term.creation is not None else 2
        if any(each.star or (each.keyword and each.keyword not in taken) for each in call.arguments):
            return ()
        if len([each for each in call.arguments if not each.keyword]) > count:
            return ()
        return self.code.rename(self.code.beside(place, call.function), other.name.rpartition(".")[2])

    def for_choice(self, term: LossTerm, activation: Node) -> tuple[Edits, ...]:
        """The loss that chooses one of the units; its activation goes if that loss applies it itself."""
        other = None if term.for_choice is None else self.knowledge.get(term.for_choice)
        function = self.knowledge.get(other.call) if other is not None and isinstance(other.call, str) else other
        if function is None or function.loss is None:
            return ((),)
        taken = (self.without(activation),) if function.loss.applies is not None else ()
        return (self.loss(term, term.for_choice), *taken)

    def flagged(self, term: LossTerm, flag: str, text: str) -> Edits:
        """The loss told something by a keyword, where it is made."""
        place = term.creation
        call = None if place is None or is_hidden(place) else self.code.call(place)
        entry = None if place is None or call is None else self.entry(place, call.function)
        if place is None or call is None or entry is None or any(each.star for each in call.arguments):
            return ()
        names = [name for name, _ in entry.parameters or ()]
        if flag not in names or len([each for each in call.arguments if not each.keyword]) > names.index(flag):
            return ()
        return self.code.set_keyword(place, flag, text)

    # Layers -----------------------------------------------------------------------------------------------------------

    def last_of_chain(self, places: Sequence[Place]) -> Place | None:
        """The last of several places, if all are items of the same chain."""
        holders = {self._holder(place) for place in places}
        if len(places) < 2 or len(holders) != 1 or None in holders:
            return None
        return max(places, key=lambda place: (place.segment, place.at))

    def _holder(self, place: Place) -> object:
        """What tells a chain from others: where it is made, or the name of what items are added to, and where."""
        chain = self.code.chain(place)
        if self.is_added(place):
            adding = chain[-3]
            assert isinstance(adding, tree.Call)
            function = self.code.function(place)
            written = self.code.name(self.code.beside(place, adding.function))
            return (written, place.path, function) if written else None
        if not self.is_chained(place):
            return None
        return next(self.code.beside(place, each) for each in reversed(chain[:-1]) if isinstance(each, tree.Call))

    def layer_before(self, place: Place, op: str, given: str) -> Edits:
        """A new layer that does ``op`` before another one, in the chain in which that is made."""
        call = self.code.call(place)
        written = "" if call is None else self.code.name(self.code.beside(place, call.function))
        if call is None or is_hidden(place) or "." not in written:
            return ()
        other = self.sibling(self.named(place, call.function), op)
        text = f"{written.rpartition('.')[0]}.{other}({given})"
        if not other:
            return ()
        if self.is_added(place):
            adding = self.code.chain(place)[-3]
            assert isinstance(adding, tree.Call)
            return self.code.insert_before(place, f"{self.code.text(self.code.beside(place, adding.function))}({text})")
        return self.code.insert_item(place, text) if self.is_chained(place) else ()


def _is_written(node: tree.Tree) -> bool:
    """Whether an expression is made of written numbers alone."""
    if isinstance(node, tree.Binary):
        return _is_written(node.left) and _is_written(node.right)
    if isinstance(node, tree.Unary):
        return _is_written(node.operand)
    return isinstance(node, tree.Constant) and isinstance(node.value, int | float)


_known: weakref.WeakKeyDictionary[Content, frozenset[str]] = weakref.WeakKeyDictionary()


def _bound(segment: Segment) -> frozenset[str]:
    """The names to which anything but an import gives a meaning somewhere in a segment."""
    found = _known.get(segment.content)
    if found is None:
        found = _known[segment.content] = frozenset(_binding(parse(segment)))
    return found


def _binding(statements: tuple[tree.Statement, ...]) -> Iterator[str]:
    pending: list[tree.Tree] = list(statements)
    while pending:
        node = pending.pop()
        yield from (each.id for each in _targets(node) if isinstance(each, tree.Name))
        if isinstance(node, tree.Parameter | tree.FunctionDef | tree.ClassDef | tree.Handler) and node.name is not None:
            yield node.name
        elif isinstance(node, tree.Case):
            yield from node.names
        pending.extend(tree.children(node))


def _targets(node: tree.Tree) -> Iterator[tree.Tree]:
    """What a statement or clause assigns to, taken apart."""
    pending: list[tree.Tree | None] = [getattr(node, "target", None), *getattr(node, "targets", ())]
    while pending:
        each = pending.pop()
        if isinstance(each, tree.Display):
            pending.extend(each.items)
        elif isinstance(each, tree.Starred):
            pending.append(each.value)
        elif each is not None:
            yield each
