"""Softmaxes written by hand: exponentials over their own sum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.losses import LossTerm
from trainlint.run.subjects import Subject
from trainlint.semantics.evidence import Step, explain, is_hidden, maker, visible
from trainlint.semantics.primitives.selection import FAR
from trainlint.semantics.values import Node, Tensor, Value, options

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_FIRST = frozenset({"return", "layout", "same", "index", "reduce", "setitem", "quotient", "detach", "convert", "clone"})
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
    def after_relu(self) -> bool:
        """Whether the exponent comes from a ReLU."""
        made = maker(self.exponent, "range")
        return made is not None and made.op == "relu"

    def explain(self) -> tuple[Step, ...]:
        """The way from where the exponent got its reach to the exponential."""
        steps = explain(self.exponent, "reach")
        place = self.exponential.place
        if place is None or is_hidden(place) or any(step.place == place for step in steps):
            return steps
        return (*steps, Step(place, "exp", self.exponential.label, "the exponential of it"))


def softmaxes(machine: Machine, losses: tuple[LossTerm, ...]) -> Iterator[Softmax]:
    """Every softmax written by hand, once for each exponential in it."""
    found = [(each, node) for each in machine.facts.normalised for node in _exponentials(each.numerator)]
    judged = _judged(machine, losses) if found else frozenset[int]()
    for each, node in found:
        place = visible(each.place, each.site)
        exponent = node.inputs[0]
        if place is None or not isinstance(exponent, Tensor):
            continue
        yield Softmax(
            exponent=exponent,
            exponential=node,
            judged=id(each.value.origin) in judged,
            instead=machine.knowledge.doing("softmax", node.label),
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
        if not isinstance(value, Tensor) or node is None:
            continue
        if node.op == "exp":
            yield node
        elif node.op in _FIRST:
            pending.extend(node.inputs[:1])
        elif node.op in _ALL:
            pending.extend(node.inputs)


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
