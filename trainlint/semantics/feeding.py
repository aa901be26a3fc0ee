"""Where known data meets the first weights of a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trainlint.semantics.facts import Fed
from trainlint.semantics.values import Choice, Condition, Node, ObjectId, Tensor, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine
    from trainlint.semantics.primitives.base import Use

MATMUL = "matmul"
WEIGHING = frozenset({"affine", "recurrent", "opaque", "attention", MATMUL})
_LEVEL = frozenset({"layout", "same", "return", "pool", "relu", "leaky", "dropout", "augment", "sum"})  # keep the size


def fed(machine: Machine, use: Use) -> None:
    """Note that a layer with weights is called with known data."""
    value = use.bound.get(use.first)
    if isinstance(value, Tensor):
        if value.scale is not None:
            _note(machine, use, value, use.owner, (), complete=True)
    elif isinstance(value, Choice):
        possible = machine.possible(value)
        complete = all(_is_data(each) for _, each in possible)
        for path, each in possible:
            if isinstance(each, Tensor) and each.scale is not None:
                _note(machine, use, each, use.owner, path, complete=complete)


def multiplied(machine: Machine, use: Use, factors: Sequence[Tensor]) -> None:
    """Note that known data is multiplied by weights that are trained."""
    for each in factors:
        owners = frozenset[ObjectId]().union(*(other.live for other in factors if other is not each))
        if each.scale is not None and not each.live and owners:
            _note(machine, use, each, next(iter(owners)), (), complete=True)


def _is_data(value: Value) -> bool:
    return isinstance(value, Tensor) and value.scale is not None


def _note(
    machine: Machine,
    use: Use,
    data: Tensor,
    owner: ObjectId | None,
    chosen: tuple[Condition, ...],
    *,
    complete: bool,
) -> None:
    assert owner is not None
    place, site = machine.pass_ or (use.place, machine.activation.site)
    state = machine.now
    machine.facts.fed.append(
        Fed(
            data=data,
            owner=owner,
            name="the matrix product" if use.label == MATMUL else use.label,
            layer=use.place,
            call=place,
            site=site,
            conditions=state.conditions,
            chosen=chosen,
            complete=complete,
            assumed=machine.assumed,
            exceptional=state.exceptional,
        )
    )


def levelled(machine: Machine, x: Tensor) -> None:
    """Note that what a layer made of data is normalised before anything depends on how large it is."""
    node: Node | None = x.origin
    while node is not None and node.inputs:
        if node.op in WEIGHING:
            machine.facts.levelled.add(node)
            return
        if node.op not in _LEVEL:
            return
        node = node.inputs[0].origin
