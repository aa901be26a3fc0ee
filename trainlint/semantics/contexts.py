"""``with``: what a context manager gives its block, and the modes that it sets for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import truth
from trainlint.semantics.machine import arguments
from trainlint.semantics.names import assign
from trainlint.semantics.values import Library, Object, Sequence, Tensor, Unknown, Value
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


def run_with(machine: Machine, s: tree.With) -> None:
    before = machine.now.gradient
    for item in s.items:
        value = machine.narrow(machine.evaluate(item.context))
        entered = _enter(machine, value, item)
        if item.target is not None:
            assign(machine, item.target, entered)
    machine.execute(s.body)
    if machine.state is not None:
        machine.state.gradient = before


def _enter(machine: Machine, value: Value, item: tree.WithItem) -> Value:
    if isinstance(value, Sequence):
        return value.known[0] if value.known else machine.nothing
    if isinstance(value, Tensor):
        return value  # a picture closes its file at the end
    if isinstance(value, Object):
        if isinstance(value.cls, Library):
            entry = machine.knowledge.entries.get(value.cls.name)
            if entry is not None and entry.effect == "no_grad":
                machine.now.gradient = False
            elif entry is not None and entry.effect == "grad_enabled":
                mode = machine.heap.get(value.id, "mode")
                machine.now.gradient = mode is None or truth.flag(machine, mode).truth is not False
            elif entry is not None and entry.effect == "grad":
                machine.now.gradient = True
            return value
        enter = machine.attribute(value, "__enter__", None)
        if not isinstance(enter, Unknown):
            return machine.call(enter, arguments(), machine.place(item))
        return value
    return machine.unknown("the value of an unknown context manager", machine.place(item), value)
