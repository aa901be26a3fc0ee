"""``with``: what a context manager gives its block, the modes that it sets for it, and what it does afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainlint.semantics import truth
from trainlint.semantics.heap import State, join_states
from trainlint.semantics.machine import PathEnds, arguments
from trainlint.semantics.names import assign
from trainlint.semantics.values import CONTEXT, Library, Object, Partial, Sequence, Tensor, Unknown, Value
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Activation, Machine


def run_with(machine: Machine, s: tree.With) -> None:
    _run(machine, s.items, s.body)


def _run(machine: Machine, items: tuple[tree.WithItem, ...], body: tuple[tree.Statement, ...]) -> None:
    if not items:
        machine.execute(body)
        return
    item, rest = items[0], items[1:]
    before = machine.now.gradient
    value = machine.narrow(machine.evaluate(item.context))
    made = value.head[0] if isinstance(value, Sequence) and value.kind == CONTEXT and value.head else None
    if isinstance(made, Partial):
        _around(machine, made, item, lambda: _run(machine, rest, body))
    else:
        entered = _enter(machine, value, item)
        if item.target is not None:
            assign(machine, item.target, entered)
        leaving(machine, lambda: _run(machine, rest, body), lambda: _leave(machine, value, item))
    if machine.state is not None:
        machine.state.gradient = before


def leaving(machine: Machine, block: Callable[[], None], leave: Callable[[], None]) -> bool:
    """Run ``block``, and ``leave`` on each way out of it; False if there is none."""
    ways = _Ways(machine.activation)
    block()
    end, taken = machine.state, ways.taken()
    for target, index, state in taken:
        machine.state = state
        try:
            leave()
        except PathEnds:
            machine.state = None
        if machine.state is not None:
            ways.put(target, index, machine.state)
    machine.state = end
    if end is not None:
        leave()
    return end is not None or bool(taken)


class _Ways:
    """The ways on which a block is left: by ``return``, ``break`` and ``continue``."""

    def __init__(self, activation: Activation) -> None:
        self.activation = activation
        loop: tuple[list[State], ...] = activation.loops[-1] if activation.loops else ()
        self.lists = loop
        self.before = [len(each) for each in loop]
        self.returns = len(activation.returns)

    def taken(self) -> list[tuple[int, int, State]]:
        found = [
            (number, index, each[index])
            for number, (each, before) in enumerate(zip(self.lists, self.before, strict=True))
            for index in range(before, len(each))
        ]
        returns = self.activation.returns
        return found + [(-1, index, returns[index][1]) for index in range(self.returns, len(returns))]

    def put(self, number: int, index: int, state: State) -> None:
        if number < 0:
            self.activation.returns[index] = (self.activation.returns[index][0], state)
        else:
            self.lists[number][index] = state


def _around(machine: Machine, made: Partial, item: tree.WithItem, block: Callable[[], None]) -> None:
    """Run a generator that has the block in its middle: what comes after ``yield`` comes after the block."""
    consumer = machine.activation
    ways = _Ways(consumer)
    alive = entered = False

    def middle(value: Value) -> None:
        nonlocal alive, entered
        entered = True
        producer, machine.activation = machine.activation, consumer
        try:
            if item.target is not None:
                assign(machine, item.target, value)
            block()
        except PathEnds:
            machine.state = None
        finally:
            machine.activation = producer
        alive = alive or machine.state is not None
        states = [machine.state] if machine.state is not None else [state for *_, state in ways.taken()]
        machine.state = join_states([each.fork() for each in states]) if states else None

    machine.entering = middle
    machine.call(made, arguments(), machine.place(item))
    if not entered:
        block()
        return
    end = machine.now
    if not alive:
        for number, index, _ in ways.taken():
            ways.put(number, index, end.fork())
        machine.state = None


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


def _leave(machine: Machine, value: Value, item: tree.WithItem) -> None:
    if isinstance(value, Object) and not isinstance(value.cls, Library):
        leave = machine.attribute(value, "__exit__", None)
        if not isinstance(leave, Unknown):
            nothing = machine.nothing
            machine.call(leave, arguments(nothing, nothing, nothing), machine.place(item))
