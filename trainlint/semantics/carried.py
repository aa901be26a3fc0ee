"""Carried values: what a loop hands on from turn to turn that leads back to what earlier turns have computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from trainlint.semantics.facts import Carried
from trainlint.semantics.values import Mapping, Node, Place, Sequence, Tensor, Value, options

if TYPE_CHECKING:
    from trainlint.semantics.heap import State
    from trainlint.semantics.machine import Machine

MOST = 2_000  # nodes of one history


def turned(machine: Machine, place: Place, index: int, earlier: State, later: State) -> None:
    """Note what turn ``index`` of a loop left behind in ``earlier`` and the next one, in ``later``, has added to."""
    facts = machine.facts
    if not facts.optimizers or not (facts.losses or facts.objectives):
        return
    turn = machine.site(machine.activation.site, place, index)
    for id, after in later.heap.changed_since(earlier.heap):
        if id is machine.buffers:
            continue
        before = earlier.heap.record(id)
        for name, value in after.items():
            held = before.get(name)
            if held is None or held is value:
                continue
            for old, new, item in _grown(held, value):
                facts.carried.append(
                    Carried(
                        old=old,
                        new=new,
                        item=item,
                        holder=id,
                        turn=turn,
                        conditions=later.conditions,
                        assumed=machine.assumed,
                        exceptional=later.exceptional,
                    )
                )


def _grown(held: Value, value: Value) -> Iterator[tuple[Tensor, Tensor, bool]]:
    """Tensors of an earlier turn, and those by which the next one has added to them."""
    if isinstance(held, Sequence) and isinstance(value, Sequence):
        yield from _added(held.known, value.known)
        for one, other in zip(held.head, value.head, strict=False):
            if one is not other:
                yield from _grown(one, other)
    elif isinstance(held, Mapping) and isinstance(value, Mapping):
        yield from _added([each for _, each in held.items], [each for _, each in value.items])
        now = dict(value.items)
        for key, one in held.items:
            if (met := now.get(key)) is not None and met is not one:
                yield from _grown(one, met)
    else:
        for one in tensors(held):
            for other in tensors(value):
                if one.origin is not None and other.origin is not one.origin and _leads_to(other, one.origin):
                    yield one, other, False


def _added(before: Iterable[Value], after: Iterable[Value]) -> Iterator[tuple[Tensor, Tensor, bool]]:
    """The first item that was there, and the first that has come to it, if all that were there are left."""
    old = [each for value in before for each in tensors(value)]
    new = [each for value in after for each in tensors(value)]
    known, left = {each.origin for each in old}, {each.origin for each in new}
    come = next((each for each in new if each.origin not in known), None)
    if old and come is not None and known <= left:
        yield old[0], come, True


def tensors(value: Value) -> list[Tensor]:
    """The alternatives of a value that are tensors with a graph."""
    return [each for _, each in options(value) if isinstance(each, Tensor) and each.live]


def graph(value: Value) -> Iterator[Node]:
    """The operations through which a gradient of a value flows."""
    pending, seen = [value], set[Node]()
    while pending and len(seen) < MOST:
        node = pending.pop().origin
        if node is None or node in seen:
            continue
        seen.add(node)
        yield node
        pending += (each for one in node.inputs for each in tensors(one))


def _leads_to(value: Tensor, aim: Node) -> bool:
    """Whether a gradient of a value flows through an operation; what is older than that cannot lead there."""
    pending, seen = [value], set[Node]()
    while pending and len(seen) < MOST:
        node = pending.pop().origin
        if node is aim:
            return True
        if node is None or node.born < aim.born or node in seen:
            continue
        seen.add(node)
        pending += (each for one in node.inputs for each in tensors(one))
    return False
