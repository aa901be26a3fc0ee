"""Variables: where a name is looked up, and what assignment does to each kind of target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers, natives
from trainlint.semantics.immutable import evolve
from trainlint.semantics.joins import choose
from trainlint.semantics.values import (
    Choice,
    Class,
    Condition,
    Function,
    Library,
    ObjectId,
    Place,
    Sequence,
    Unknown,
    Value,
)
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_CLOSED = (Function, Class)  # what keeps the frame in which it was made


def frame_of(machine: Machine, name: str) -> ObjectId | None:
    """The frame in which ``name`` is bound, seen from the present one; None if none has it."""
    activation = machine.activation
    declared = activation.scopes.get(name)
    if declared == "global":
        return machine.program.namespace(machine, machine.frames[activation.frame].module)
    outer = machine.frames[activation.frame].outer if declared == "nonlocal" else activation.frame
    return _held(machine, outer, name)[0]


def _held(machine: Machine, frame: ObjectId | None, name: str) -> tuple[ObjectId | None, Value | None]:
    """The first of the frames from here outwards that has ``name``, and its value; only the first may be a class."""
    frames, records = machine.frames, machine.heap.records
    first = frame
    while frame is not None:
        record = records.get(frame)
        value = None if record is None else record.get(name)
        if value is not None and (frame is first or not frames[frame].is_class):
            return frame, value
        frame = frames[frame].outer
    return None, None


def lookup(machine: Machine, name: str, place: Place) -> Value:
    """The value of a variable: local, enclosing, module (evaluated by name), built-in, else unknown."""
    value = found(machine, name)
    return unbound(machine, name, place) if value is None else value


def unbound(machine: Machine, name: str, place: Place) -> Unknown:
    return machine.unknown(f"the name {name} is not bound", place)


def found(machine: Machine, name: str) -> Value | None:
    """The value of a variable; None if nothing binds it."""
    activation = machine.activation
    if name not in activation.scopes:
        frame, value = _held(machine, activation.frame, name)
    else:
        frame = frame_of(machine, name)
        value = None if frame is None else machine.heap.get(frame, name)
    if frame is not None and value is not None:
        return _run(machine, frame, name, value) if machine.postponed and isinstance(value, Unknown) else value
    value = machine.program.member(machine, machine.frames[activation.frame].module, name)
    if value is not None:
        return value
    builtins = machine.builtins
    if name not in builtins:
        known = f"builtins.{name}"
        builtins[name] = Library(known) if known in natives.REGISTRY or machine.knowledge.known(known) else None
    return builtins[name]


def _run(machine: Machine, frame: ObjectId, name: str, value: Unknown) -> Value:
    """What a variable holds, if that is a generator: who reads it is about to take its items."""
    from trainlint.semantics import loops

    postponed = None if value.origin is None else machine.postponed.get(value.origin)
    if postponed is None:
        return value
    items = loops.resume(machine, postponed)
    machine.heap.set(frame, name, items)
    return items


def assign(machine: Machine, target: tree.Expression, value: Value, place: Place | None = None) -> None:
    """Bind ``value`` to a target: a name, an attribute, an item, or a pattern of those."""
    if isinstance(target, tree.Name):
        bind(machine, target.id, value)
    elif isinstance(target, tree.Attribute):
        machine.set_attribute(machine.evaluate(target.value), target.attr, value, machine.place(target))
    elif isinstance(target, tree.Subscript):
        holder = machine.evaluate(target.value)
        index = machine.evaluate(target.index)
        containers.set_item(machine, holder, index, value, machine.place(target))
    elif isinstance(target, tree.Display):
        unpack(machine, target.items, value, machine.place(target))
    elif isinstance(target, tree.Starred):
        assign(machine, target.value, value)


def bind(machine: Machine, name: str, value: Value) -> None:
    """Bind a name in the present scope."""
    activation = machine.activation
    declared = activation.scopes.get(name)
    frame: ObjectId | None = activation.frame
    if declared == "global":
        frame = machine.program.namespace(machine, machine.frames[activation.frame].module)
    elif declared == "nonlocal":
        frame = frame_of(machine, name) or activation.frame
    if frame is not None:
        machine.heap.set(frame, name, value)
    if isinstance(value, _CLOSED):
        activation.captured = True


def unpack(machine: Machine, targets: tuple[tree.Expression, ...], value: Value, place: Place) -> None:
    """``a, *b, c = value``: exact ends stay exact; from an unknown value each target is unknown."""
    if isinstance(value, Choice):
        _unpack_choice(machine, targets, value, place)
        return
    sequence = containers.items_of(machine, value)
    star = next((i for i, target in enumerate(targets) if isinstance(target, tree.Starred)), None)
    count = len(targets)
    if sequence is None:
        for index, target in enumerate(targets):
            assign(machine, target, containers.unpacked(machine, value, index, place))
        return
    if star is None:
        for index, target in enumerate(targets):
            assign(machine, target, containers.nth(machine, sequence, index, count, place))
        return
    after = count - star - 1
    known = sequence.known
    for index in range(star):
        assign(machine, targets[index], containers.nth(machine, sequence, index, None, place))
    if sequence.exact:
        middle = Sequence(known[star : len(known) - after], kind="list")
        last = known[len(known) - after :] if after else ()
    else:
        tail = sequence.tail
        last = tail[len(tail) - after :] if after and len(tail) >= after else ()
        middle = Sequence(sequence.head[star:], sequence.middle, tail[: len(tail) - after], kind="list")
    assign(machine, targets[star], containers.new_list(machine, middle, place))
    for offset in range(after):
        item = last[offset] if offset < len(last) else machine.unknown("an item that was not followed", place)
        assign(machine, targets[star + 1 + offset], item)


def _unpack_choice(machine: Machine, targets: tuple[tree.Expression, ...], value: Choice, place: Place) -> None:
    if any(isinstance(target, tree.Starred) for target in targets):
        for target in targets:
            assign(machine, target, machine.unknown("alternatives of a starred pattern", place))
        return
    for index, target in enumerate(targets):
        alternatives: list[tuple[tuple[Condition, ...], Value]] = []
        for conditions, option in machine.possible(value):
            sequence = containers.items_of(machine, option)
            if sequence is None:
                item: Value = containers.unpacked(machine, option, index, place)
            else:
                item = containers.nth(machine, sequence, index, len(targets), place)
            alternatives.append((conditions, item))
        assign(machine, target, choose(alternatives))


def forget(machine: Machine, names: tuple[str, ...], why: str, place: Place) -> None:
    """Make names unknown: their statement could not be read."""
    for name in names:
        bind(machine, name, Unknown(why=why, origin=evolve(machine.unknown(why, place)).origin))
