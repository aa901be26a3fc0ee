"""Softmaxes written by hand: exponentials over their own sum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.code import Edits
from trainlint.run.losses import LossTerm
from trainlint.run.stabilizing import Stabilizing
from trainlint.run.subjects import Subject
from trainlint.semantics.evidence import Step, explain, is_hidden, maker, visible
from trainlint.semantics.heap import LEAF
from trainlint.semantics.intervals import INFINITY
from trainlint.semantics.libraries import short
from trainlint.semantics.primitives.selection import FAR
from trainlint.semantics.tensors import OPERATORS
from trainlint.semantics.values import Node, Number, Tensor, Value, options

if TYPE_CHECKING:
    from trainlint.run.mending import Mending
    from trainlint.semantics.machine import Machine

_LIKE = frozenset({"return", "layout", "same", "index", "reduce", "setitem", "detach", "convert", "clone", "one"})
_FIRST = _LIKE | {"quotient", "/"}
_ITEMS = frozenset({"item", "one", "return", "float"})
_PRODUCTS = frozenset({"product", "quotient"})
_ALIKE = _LIKE | _PRODUCTS | {"negative", "sum", "difference"}
_SCALED = frozenset({"*", "/"})
_ALL = frozenset({"product", "sum", "where", "mixed", "concat"})
_FARTHEST = 40  # steps from the quotient back to the exponential
_MOST = 5_000  # steps from the losses back to the quotients


@frozen(eq=False, kw_only=True)
class Softmax(Subject):
    """Exponentials were divided by their own sum.

    ``exponent`` is what the exponential was taken of, at ``exponential``; ``judged`` says that the quotient is what a
    loss judges, ``instead`` names the function of the library that does the same.
    """

    exponent: Tensor
    exponential: Node
    judged: bool
    instead: str | None

    @property
    def only_scaled(self) -> bool:
        """Whether the exponent is something bounded, or a distance, times a free parameter."""
        pending: Value = self.exponent
        for _ in range(_FARTHEST):
            node = pending.origin
            if node is None or not node.inputs:
                return False
            factors = [each for each in node.inputs[:2] if isinstance(each, Tensor) and not each.range.is_point]
            if node.op in _PRODUCTS and len(factors) == 2:
                one, other = factors
                return _is_scale(one, other) or _is_scale(other, one)
            if node.op not in _ALIKE - {"reduce"} or not factors:
                return False  # a sum of products is a product of vectors, not a scaled one
            pending = factors[0]
        return False

    @property
    def is_free(self) -> bool:
        """Whether the exponent is made of free parameters alone, each of which training moves a little at a time."""
        pending: list[Value] = [self.exponent]
        for _ in range(_FARTHEST):
            if not pending:
                return True
            value = pending.pop()
            node = value.origin
            if isinstance(value, Number) or (isinstance(value, Tensor) and value.range.is_point):
                continue
            if node is None or (node.op != LEAF and (node.op not in _ALIKE or not node.inputs)):
                return False
            if node.op != LEAF:
                pending += node.inputs if node.op in OPERATORS else node.inputs[:1]
        return False

    @property
    def after_relu(self) -> bool:
        """Whether the exponent comes from a ReLU."""
        made = maker(self.exponent, "range")
        return made is not None and made.op == "relu"

    @property
    def maker(self) -> str:
        """What gave the exponent its reach, in words."""
        made = maker(self.exponent, "reach")
        if made is None or not made.label:
            return "this"
        return f"this {made.label}" if made.label in OPERATORS else made.label

    def stabilized(self, mending: Mending) -> Edits:
        """The same, written so that it does not overflow."""
        place = self.exponential.place
        return () if place is None or is_hidden(place) else Stabilizing(mending, self.place, place).changes()

    def explain(self) -> tuple[Step, ...]:
        """The way from where the exponent got its reach to the exponential."""
        steps = explain(self.exponent, "reach")
        place = self.exponential.place
        if place is None or is_hidden(place) or any(step.place == place for step in steps):
            return steps
        return (*steps, Step(place, "exp", self.exponential.label, "the exponential of it"))


def _is_scale(one: Tensor, other: Tensor) -> bool:
    """Whether one is a free parameter, and the other has a bound on one side at least."""
    while one.origin is not None and one.origin.op in _ALIKE and isinstance(one.origin.inputs[0], Tensor):
        one = one.origin.inputs[0]
    bounded = other.range.lo > -INFINITY or other.range.hi < INFINITY
    return bounded and one.origin is not None and one.origin.op == LEAF


def softmaxes(machine: Machine, losses: tuple[LossTerm, ...]) -> Iterator[Softmax]:
    """Every softmax written by hand, once for each exponential in it."""
    found = [(each, node) for each in machine.facts.normalised for node in _exponentials(each.numerator)]
    judged = _judged(machine, losses) if found else frozenset[int]()
    for each, node in found:
        place = visible(each.place, each.site)
        exponent = _tensor(node.inputs[0])
        if place is None or exponent is None:
            continue
        yield Softmax(
            exponent=exponent,
            exponential=node,
            judged=id(each.value.origin) in judged,
            instead=_instead(machine, node, exponent),
            place=place,
            call=place,
            conditions=each.conditions,
            assumed=each.assumed,
            exceptional=each.exceptional,
        )


def _exponentials(numerator: Value) -> Iterator[Node]:
    """The exponentials that a value is made of, by steps that leave them as large as they are."""
    pending, steps = [numerator], 0
    while pending and steps < _FARTHEST:
        value, steps = pending.pop(), steps + 1
        node = value.origin
        if not isinstance(value, Tensor | Number) or node is None:
            continue
        if node.op == "exp":
            yield node
        elif node.op in _FIRST:
            pending.extend(node.inputs[:1])
        elif node.op in _ALL:
            pending.extend(node.inputs)


def _tensor(value: Value) -> Tensor | None:
    """The exponent itself, or of a number the tensor that it is an item of, at most scaled since."""
    while isinstance(value, Number) and value.origin is not None and value.origin.inputs:
        node = value.origin
        scaled = node.op in _SCALED and all(isinstance(each, Number) and each.range.lo > 0 for each in node.inputs[1:])
        if node.op not in _ITEMS and not scaled:
            return None
        value = node.inputs[0]
    return value if isinstance(value, Tensor) else None


def _instead(machine: Machine, exponential: Node, exponent: Tensor) -> str | None:
    """The function that does the same without overflowing, of the library that took the exponential."""
    near = exponential.label if "." in exponential.label else exponent.library or "torch"
    found = machine.knowledge.doing("softmax", near)
    return None if found is None else short(found)


def _judged(machine: Machine, losses: tuple[LossTerm, ...]) -> frozenset[int]:
    """The identities of the steps that lead to a loss without trained weights in between."""
    pending: list[Value] = [loss.prediction for loss in losses]
    pending += [each.value for each in machine.facts.objectives]
    seen: set[int] = set()
    while pending and len(seen) < _MOST:
        value = pending.pop()
        for _, option in options(value):
            node = option.origin
            if node is not None and id(node) not in seen and node.op not in FAR:
                seen.add(id(node))
                pending.extend(node.inputs)
    return frozenset(seen)
