"""Units: where the last axis of a tensor got its length, and what a softmax over a single one meets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.losses import LossTerm
from trainlint.run.subjects import Subject
from trainlint.semantics import shapes
from trainlint.semantics.evidence import Step, is_hidden, visible
from trainlint.semantics.immutable import evolve
from trainlint.semantics.values import Node, Place, Tensor, Value

if TYPE_CHECKING:
    from trainlint.semantics.facts import Flattened
    from trainlint.semantics.machine import Machine

FARTHEST = 50  # steps of a history


@frozen(eq=False, kw_only=True)
class SingleUnit(Subject):
    """A softmax over a single unit; ``about`` are the losses that it reaches, or itself if it reaches none."""

    name: str
    result: str
    value: Value
    at: Place
    about: tuple[Subject, ...]


def single_units(machine: Machine, losses: tuple[LossTerm, ...]) -> Iterator[SingleUnit]:
    """Every softmax over a single unit.

    Where nobody knows whether there are more axes, only one whose result is compared with a target counts: that is a
    batch of rows.
    """
    for each in machine.facts.flattened:
        place = visible(each.place, each.site)
        if place is not None:
            met = tuple(loss for loss in losses if _made_by(loss, each.place))
            if each.surely or met:
                made = _single(each, place)
                yield evolve(made, about=met or (made,))


def _single(each: Flattened, place: Place) -> SingleUnit:
    return SingleUnit(
        name=each.name,
        result=each.result,
        value=each.value,
        at=place,
        about=(),
        place=place,
        call=place,
        conditions=each.conditions,
        assumed=each.assumed,
        exceptional=each.exceptional,
    )


def _made_by(loss: LossTerm, place: Place) -> bool:
    maker = loss.maker("content")
    return maker is not None and maker.place == place


def explain_units(value: Value, axis: int = -1) -> tuple[Step, ...]:
    """The step that gave a tensor the length of an axis."""
    node = _maker_of_length(value, axis)
    if node is None or node.place is None or is_hidden(node.place):
        return ()
    return (Step(node.place, node.op, node.label),)


def _maker_of_length(value: Value, axis: int) -> Node | None:
    node = value.origin
    wanted = shapes.length(value.shape, axis) if isinstance(value, Tensor) else None
    for _ in range(FARTHEST):
        first = node.inputs[0] if node is not None and node.inputs else None
        if not isinstance(first, Tensor) or shapes.length(first.shape, axis) != wanted:
            return node
        node = first.origin
    return None
