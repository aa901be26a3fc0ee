"""Data from outside of the program: settings files that are not in the project, and what a user types.

Nobody knows what is in such data, but it stays what it is: an entry that is read twice is one value, so that a check of
it counts, and what the program writes into it is found there afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trainlint.semantics import derived, intervals
from trainlint.semantics.evidence import visible
from trainlint.semantics.immutable import evolve
from trainlint.semantics.joins import join
from trainlint.semantics.values import OUTSIDE, Choice, Flag, Node, Number, ObjectId, Place, Text, Unknown, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Arguments, Machine

ENTRIES = "entries"  # the operation that gives any value of a dictionary of which no key is known
REST = "@rest"  # entries of such a dictionary that became attributes
_HANDED_ON = frozenset({ENTRIES, "user", "file", "item", "part", "one", "attribute", "return"})
METHOD = "outside."  # begins the names of these in the table of natives
METHODS = frozenset({"get", "pop", "setdefault", "items", "values", "keys", "copy", "update"})


def is_outside(value: Value | None) -> bool:
    """Whether a value is as it came from outside: nothing was done to it but taking it out of what holds it."""
    if not isinstance(value, Unknown) or value.taint.isdisjoint(OUTSIDE):
        return False
    node = value.origin
    while node is not None and node.op in _HANDED_ON and node.inputs and isinstance(node.inputs[0], Unknown):
        node = node.inputs[0].origin
    return node is not None and (not node.inputs or node.op in OUTSIDE)


def argument(machine: Machine, given: Arguments, name: str, place: Place | None, default: Value | None = None) -> Value:
    """The argument ``name`` of a call with starred arguments that were not followed."""
    if given.rest is not None and is_outside(given.rest):
        found = item(machine, given.rest, Text(name), place)
        if is_outside(found) and isinstance(default, Number | Text | Flag):
            return with_default(machine, _data(given.rest), Text(name), default, place)
        return found
    return evolve(machine.unknown("an argument that was not followed", place), taint=given.taint)


def as_number(value: Value) -> Value:
    """What comes from outside and is used as a number is a number: any, unless it was checked."""
    if isinstance(value, Choice):
        return evolve(value, options=tuple((path, as_number(each)) for path, each in value.options))
    if is_outside(value):
        return Number(intervals.ANY, origin=value.origin, taint=value.taint)
    return value


def entries(machine: Machine, data: Value, place: Place | None) -> Value:
    """Any value of a list or dictionary that was not followed."""
    if not is_outside(data):
        origin = Node("one", place, (data,), {"why": 0})
        return Unknown(why="an item of something that was not followed", origin=origin, taint=data.taint & OUTSIDE)
    return Unknown(why="an entry of data from outside", origin=Node(ENTRIES, place, (data,)), taint=data.taint)


def item(machine: Machine, data: Value, key: Value, place: Place | None) -> Value:
    """The entry ``key`` of data that was not followed; what comes from outside has each of its entries once."""
    if not is_outside(data):
        why = data.why if isinstance(data, Unknown) else ""
        return Unknown(why=why, origin=Node("item", place, (data, key), {"why": 0}), taint=data.taint)
    data, name = _data(data), _name(key)
    shown = visible(place, machine.activation.site)
    origin = Node("file" if "file" in data.taint else "user", shown, (data,), label=name or "")
    made = Unknown(why="an entry of data from outside", origin=origin, taint=data.taint)
    if name is None:
        return made
    record = _record(machine, data)
    held = machine.heap.get(record, name)
    if held is None:
        machine.heap.set(record, name, made)
    return made if held is None else machine.narrow(held)


def _data(value: Value) -> Value:
    """The data itself, of which a value may be any entry."""
    origin = value.origin
    return origin.inputs[0] if origin is not None and origin.op == ENTRIES else value


def with_default(machine: Machine, data: Value, key: Value, default: Value, place: Place | None) -> Value:
    """The entry ``key``, of which the program has a default: it is what ships."""
    value = derived.opened(
        machine, default, _name(key) or "", visible(place, machine.activation.site), data.taint & OUTSIDE
    )
    put(machine, data, key, value)
    return value


def put(machine: Machine, data: Value, key: Value, value: Value) -> None:
    """Set an entry of data from outside."""
    name = _name(key)
    if name is not None and is_outside(data):
        machine.heap.set(_record(machine, data), name, value)


def _record(machine: Machine, data: Value) -> ObjectId:
    """Where the known entries of some data are kept."""
    node = data.origin
    assert node is not None
    return machine.outside.setdefault(node, ObjectId(node.place, machine.root_site))


def _name(key: Value) -> str | None:
    if isinstance(key, Text):
        return key.text
    return str(key.exact) if isinstance(key, Number) and key.exact is not None else None


def overwritten(
    machine: Machine, items: Iterable[tuple[Value, Value]], by: Value, place: Place | None
) -> tuple[tuple[Value, Value], ...]:
    """Pairs after an update with entries that were not followed: each may have another value now.

    What is updated with data from outside is a default.
    """
    if is_outside(by):
        return tuple((key, _settable(machine, key, value, by, place)) for key, value in items)
    other = machine.unknown("an entry that may have been overwritten", place, by)
    return tuple((key, join(value, other)) for key, value in items)


def _settable(machine: Machine, key: Value, value: Value, by: Value, place: Place | None) -> Value:
    return derived.opened(machine, value, _name(key) or "", place, by.taint & OUTSIDE)


def open_attributes(machine: Machine, owner: ObjectId, by: Value, place: Place | None) -> None:
    """Set attributes whose names are not known: the others are from now on defaults, unless it is unknown by what."""
    if is_outside(by):
        machine.heap.set(owner, REST, by)
    for name, before in list(machine.heap.record(owner).items()):
        if isinstance(before, Number | Text | Flag) and not name.startswith("@"):
            machine.heap.set(owner, name, derived.opened(machine, before, name, place, by.taint))
