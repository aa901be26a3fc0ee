"""Methods of lists, sets and tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers, intervals
from trainlint.semantics.heap import ITEMS
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import Arguments
from trainlint.semantics.natives.registry import native, nth
from trainlint.semantics.values import (
    Mapping,
    Number,
    Object,
    Place,
    Sequence,
    Value,
    number,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


@native("list.append", "list.add", "list.appendleft")
def _append(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder, item = given.positional[:2]
    containers.append(machine, holder.value, item.value)
    containers.stored(machine, item.value, item.place, holder.value)
    return machine.nothing


@native("list.extend", "list.update")
def _extend(machine: Machine, given: Arguments, place: Place | None) -> Value:
    if len(given.positional) > 1:
        containers.extend(machine, given.positional[0].value, given.positional[1].value, place)
    return machine.nothing


@native("list.insert")
def _insert(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder, at, value = (each.value for each in given.positional[:3])
    held = containers.items_of(machine, holder)
    if not isinstance(holder, Object) or held is None:
        return machine.nothing
    if isinstance(at, Number) and isinstance(at.exact, int) and held.exact:
        items = list(held.head)
        items.insert(at.exact, value)
        machine.heap.set(holder.id, ITEMS, evolve(held, head=tuple(items)))
    elif isinstance(at, Number) and at.exact == 0:
        machine.heap.set(holder.id, ITEMS, evolve(held, head=(value, *held.head)))
    else:
        containers.weaken(machine, holder)
    return machine.nothing


@native("list.pop", "list.popleft")
def _pop(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder = given.positional[0].value
    at = nth(machine, given, 1) or number(-1)
    item = containers.item(machine, holder, at, place or Place("", 0, 0))
    containers.delete_item(machine, holder, at, place or Place("", 0, 0))
    return item


@native("list.clear", "dict.clear")
def _clear(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder = given.positional[0].value
    if isinstance(holder, Object):
        empty: Value = Sequence(kind="list") if containers.is_list(holder) else Mapping()
        machine.heap.set(holder.id, ITEMS, empty)
    return machine.nothing


@native("list.reverse")
def _reverse(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder = given.positional[0].value
    held = containers.items_of(machine, holder)
    if isinstance(holder, Object) and held is not None:
        if held.exact:
            machine.heap.set(holder.id, ITEMS, evolve(held, head=held.head[::-1]))
        else:
            machine.heap.set(holder.id, ITEMS, evolve(held, head=held.tail[::-1], tail=held.head[::-1]))
    return machine.nothing


@native("list.sort", "list.remove")
def _sort(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder = given.positional[0].value
    if isinstance(holder, Object):
        containers.weaken(machine, holder)
    return machine.nothing


@native("list.index", "list.count", "tuple.index", "tuple.count")
def _position(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Number(intervals.NON_NEGATIVE, integer=True)
