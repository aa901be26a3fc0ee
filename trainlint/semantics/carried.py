"""Carried values: what a loop hands on from turn to turn that leads back to what earlier turns have computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from trainlint.semantics.facts import Carried
from trainlint.semantics.heap import ITEMS, Heap
from trainlint.semantics.values import (
    Choice,
    Mapping,
    Node,
    Number,
    Object,
    ObjectId,
    Place,
    Sequence,
    Site,
    Tensor,
    Value,
    options,
)

if TYPE_CHECKING:
    from trainlint.semantics.heap import State
    from trainlint.semantics.machine import Machine

MOST = 2_000  # nodes of one history
DEEPEST = 3  # lists within lists
Seen = tuple[Heap, Value]  # a value, and what the objects in it hold


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
            grown = list(_grown((earlier.heap, held), (later.heap, value)))
            if not grown and name == ITEMS:
                grown = list(_put(machine, id, held, machine.site(machine.activation.site, place, index + 1)))
            for old, new, item in grown:
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


def _grown(before: Seen, after: Seen) -> Iterator[tuple[Tensor, Tensor, bool]]:
    """Tensors of an earlier turn, and those by which the next one has added to them."""
    held, value = _contents(*before), _contents(*after)
    if isinstance(held, Sequence) and isinstance(value, Sequence):
        yield from _added((before[0], held.known), (after[0], value.known))
        for one, other in zip(held.head, value.head, strict=False):
            if one is not other:
                yield from _grown((before[0], one), (after[0], other))
    elif isinstance(held, Mapping) and isinstance(value, Mapping):
        yield from _added((before[0], [each for _, each in held.items]), (after[0], [each for _, each in value.items]))
        now = dict(value.items)
        for key, one in held.items:
            if (met := now.get(key)) is not None and met is not one:
                yield from _replaced(one, met) if _counts(key) else _grown((before[0], one), (after[0], met))
    elif not isinstance(held, Object):
        for first in tensors(held):
            for second in tensors(value):
                if first.origin is not None and second.origin is not first.origin and _leads_to(second, first.origin):
                    yield first, second, False


def _contents(heap: Heap, value: Value) -> Value:
    """What a list or a dictionary holds; any other value as it is."""
    held = heap.get(value.id, ITEMS) if isinstance(value, Object) else None
    return value if held is None else held


def _counts(key: Value) -> bool:
    """Whether a key of a dictionary is a number that is another one in each turn."""
    return isinstance(key, Number) and key.exact is None and key.integer


def _replaced(one: Value, other: Value) -> Iterator[tuple[Tensor, Tensor, bool]]:
    yield from ((a, b, True) for a in tensors(one)[:1] for b in tensors(other)[:1] if a.origin is not b.origin)


def _put(machine: Machine, holder: ObjectId, held: Value, turn: Site) -> Iterator[tuple[Tensor, Tensor, bool]]:
    """The first tensor that a list may hold, and the one that a later turn has put beside it."""
    uncertain = held.known if isinstance(held, Sequence) and not held.exact else ()
    old = next(iter(tensors_of(machine.heap, uncertain)), None)
    if old is None:
        return
    for each in reversed(machine.facts.put):
        if each.holder is holder and turn in each.site.links():
            if each.value.origin is not old.origin:
                yield old, each.value, True
            return


def _added(
    before: tuple[Heap, Iterable[Value]], after: tuple[Heap, Iterable[Value]]
) -> Iterator[tuple[Tensor, Tensor, bool]]:
    """The first item that was there, and the first that has come to it, if all that were there are left."""
    old, new = tensors_of(*before), tensors_of(*after)
    known, left = {each.origin for each in old}, {each.origin for each in new}
    come = next((each for each in new if each.origin not in known), None)
    if old and come is not None and known <= left:
        yield old[0], come, True


def tensors_of(heap: Heap, values: Iterable[Value]) -> list[Tensor]:
    return [each for value in values for each in held(heap, value)]


def held(heap: Heap, value: Value, depth: int = 0) -> Iterator[Tensor]:
    """The tensors with a graph that a value is, or that a record, a list or a dictionary has among its items."""
    if isinstance(value, Tensor | Choice):
        yield from tensors(value)
        return
    if depth == DEEPEST:
        return
    parts: Iterable[Value] = ()
    if isinstance(value, Object):
        record = heap.record(value.id)
        contents = record.get(ITEMS)
        parts = [each for each in record.values() if isinstance(each, Tensor)] if contents is None else (contents,)
    elif isinstance(value, Sequence):
        parts = value.known
    elif isinstance(value, Mapping):
        parts = [each for _, each in value.items]
    for each in parts:
        yield from held(heap, each, depth + 1)


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
