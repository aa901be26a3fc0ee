"""A softmax written by hand, written so that it does not overflow: by the library, or with the maximum subtracted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.code import Code, Edits
from trainlint.semantics.values import Place
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.knowledge.schema import Entry
    from trainlint.run.mending import Mending

_PLAIN = (tree.Name, tree.Attribute)  # what may be read twice


@frozen
class _Called:
    """A function of a library, or a method of a tensor, called with a tensor."""

    place: Place
    call: tree.Call
    entry: Entry
    input: tree.Expression
    is_method: bool

    def argument(self, name: str) -> tree.Expression | None:
        """The argument for a parameter, under any of its names."""
        names = [each for each, _ in self.entry.parameters or ()]
        at = names.index(name) - self.is_method if name in names else None
        for index, each in enumerate(self.call.arguments):
            keyword = self.entry.renamed.get(each.keyword or "", each.keyword)
            if keyword == name or (each.keyword is None and index == at):
                return each.value
        return None


@frozen
class Stabilizing:
    """A quotient of exponentials and their sum, in one statement or in two."""

    mending: Mending
    quotient: Place
    exponential: Place

    @property
    def code(self) -> Code:
        return self.mending.code

    def changes(self) -> Edits:
        """The same softmax, written so that it does not overflow; nothing where the two are not surely the same."""
        division = self.code.node(self.quotient)
        exponential = self._called(self.exponential)
        if not isinstance(division, tree.Binary) or division.op != "/" or exponential is None:
            return ()
        total = self._called(self.code.beside(self.quotient, division.right))
        if exponential.entry.op != "exp" or total is None or total.entry.set.get("kind") != "sum":
            return ()
        axis = self._axis(total)
        if axis is None or self._text(total.input) != self._text(division.left):
            return ()
        if division.left.at == self.exponential.at and self.quotient.segment == self.exponential.segment:
            return self._at_once(exponential, total, axis)
        return self._by_name(division.left, exponential, axis)

    def _at_once(self, exponential: _Called, total: _Called, axis: str) -> Edits:
        """``exp(x) / exp(x).sum(…)``."""
        written = self._softmax(exponential, self._text(exponential.input), axis)
        if written:
            return self.code.replace(self.quotient, written)
        again = self._called(self.code.beside(self.quotient, total.input))
        if again is None:
            return ()
        first, second = self._shifted(exponential, axis), self._shifted(again, axis)
        return (*first, *second) if first and second else ()

    def _by_name(self, name: tree.Expression, exponential: _Called, axis: str) -> Edits:
        """``e = exp(x)``, and ``e / e.sum(…)`` after it, where nothing else reads or binds the name."""
        around = self.code.chain(self.exponential)
        if not isinstance(name, tree.Name) or len(around) < 2 or not isinstance(around[-2], tree.Assign):
            return ()
        targets = around[-2].targets
        is_bound = len(targets) == 1 and isinstance(targets[0], tree.Name) and targets[0].id == name.id
        function = self.code.function(self.exponential)
        if not is_bound or function is None or function != self.code.function(self.quotient):
            return ()
        body = self.code.node(function)
        if (
            sum(each == name.id for each in _names(body)) != 3
            or self.code.later(self.exponential, self.quotient) is None
        ):
            return ()
        written = self._softmax(exponential, name.id, axis)
        if written:
            bare = self.code.unwrap(self.exponential, self.code.beside(self.exponential, exponential.input))
            softmax = self.code.replace(self.quotient, written)
            return (*bare, *softmax) if bare and softmax else ()
        return self._shifted(exponential, axis) or self._shifted_by_name(name.id, exponential, axis)

    def _shifted_by_name(self, name: str, exponential: _Called, axis: str) -> Edits:
        """The exponent under the name first, so that its largest value can be told, and its exponential after that."""
        shift = self._shift(exponential, name, axis)
        function = self.code.text(self.code.beside(exponential.place, exponential.call.function))
        bare = self.code.unwrap(self.exponential, self.code.beside(self.exponential, exponential.input))
        added = self.code.insert_after(self.exponential, f"{name} = {function}({name} - {shift})") if shift else ()
        return (*bare, *added) if bare and added else ()

    # Parts ------------------------------------------------------------------------------------------------------------

    def _called(self, place: Place) -> _Called | None:
        call = self.code.call(place)
        if call is None or any(each.star for each in call.arguments):
            return None
        entry = self.mending.entry(place, call.function)
        if entry is not None:
            first = self.code.argument(place, entry.parameters[0][0] if entry.parameters else "input", 0)
            return None if first is None else _Called(place, call, entry, first.value, False)
        if not isinstance(call.function, tree.Attribute):
            return None
        entry = self.mending.knowledge.get(self.mending.knowledge.tensor_method(call.function.attr))
        return None if entry is None else _Called(place, call, entry, call.function.value, True)

    def _axis(self, total: _Called) -> str | None:
        """The axis of a sum that keeps its shape, as it is written, empty for all; None if it is not written there."""
        names = [each for each, _ in total.entry.parameters or ()]
        keeps = next((each for each in names if each.startswith("keepdim")), "")
        kept, axis = total.argument(keeps), total.argument(total.entry.roles.get("axis", "axis"))
        if axis is None and len(total.call.arguments) == (0 if total.is_method else 1):
            return ""  # over all axes
        if len(total.call.arguments) != (2 if total.is_method else 3):
            return None  # there is more to it
        if not isinstance(kept, tree.Constant) or kept.value is not True or axis is None:
            return None
        number = axis.operand if isinstance(axis, tree.Unary) else axis
        return self._text(axis) if isinstance(number, tree.Constant) and isinstance(number.value, int) else None

    def _softmax(self, exponential: _Called, given: str, axis: str) -> str:
        """The softmax of the library that took the exponential."""
        knowledge = self.mending.knowledge
        if not axis:
            return ""
        if exponential.is_method:
            other = knowledge.get(knowledge.tensor_method("softmax"))
            bare = given.isidentifier() or isinstance(exponential.input, (*_PLAIN, tree.Call, tree.Subscript))
            return f"{given}.softmax({_axis_of(other)}={axis})" if other is not None and bare else ""
        name = self.mending.named(exponential.place, exponential.call.function)
        other_name = self.mending.sibling(name, "softmax")
        other = knowledge.get(f"{name.rpartition('.')[0]}.{other_name}")
        prefix = self._prefix(exponential)
        return f"{prefix}{other_name}({given}, {_axis_of(other)}={axis})" if prefix and other is not None else ""

    def _shifted(self, exponential: _Called, axis: str) -> Edits:
        """The exponential of what is left when its largest value is subtracted."""
        given = self._text(exponential.input)
        shift = self._shift(exponential, given, axis) if isinstance(exponential.input, _PLAIN) else ""
        place = self.code.beside(exponential.place, exponential.input)
        return self.code.replace(place, f"{given} - {shift}", atom=False) if shift else ()

    def _shift(self, exponential: _Called, given: str, axis: str) -> str:
        """The largest value of what is given, over an axis or over all."""
        prefix = self._prefix(exponential)
        name = self.mending.named(exponential.place, exponential.call.function)
        largest = self.mending.sibling(name, "reduce", kind="max") if prefix else ""
        other = self.mending.knowledge.get(self.mending.knowledge.canonical(f"{name.rpartition('.')[0]}.{largest}"))
        if not largest or other is None:
            return ""
        keeps = next((each for each, _ in other.parameters or () if each.startswith("keepdim")), "keepdims")
        over = f", {_axis_of(other)}={axis}, {keeps}=True" if axis else ""
        return f"{prefix}{largest}({given}{over})"

    def _prefix(self, called: _Called) -> str:
        """The module of a function as it is written, with a dot."""
        written = self.code.name(self.code.beside(called.place, called.call.function))
        return f"{written.rpartition('.')[0]}." if "." in written and not called.is_method else ""

    def _text(self, node: tree.Tree) -> str:
        """How an expression of the quotient or of the exponential is written."""
        for place in (self.quotient, self.exponential):
            if any(each is node for each in self.code.chain(self.code.beside(place, node))):
                return self.code.text(self.code.beside(place, node))
        return ""


def _axis_of(entry: Entry | None) -> str:
    """How a function calls its axis."""
    if entry is None:
        return "axis"
    names = [each for each, _ in entry.parameters or ()]
    return next((each for each in (entry.roles.get("axis"), "axis", "dim") if each in names), "axis")


def _names(node: tree.Tree | None) -> Iterator[str]:
    """Every name that is read or bound below a node."""
    pending = [] if node is None else [node]
    while pending:
        each = pending.pop()
        if isinstance(each, tree.Name):
            yield each.id
        pending.extend(tree.children(each))
