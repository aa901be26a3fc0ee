"""``with``: what a context manager gives its block, the modes that it sets for it, and what it does afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainlint.semantics import generators, truth
from trainlint.semantics.facts import Facts
from trainlint.semantics.heap import State, join_states
from trainlint.semantics.machine import PathEnds, arguments
from trainlint.semantics.names import assign
from trainlint.semantics.values import (
    CONTEXT,
    Flag,
    Library,
    Object,
    ObjectId,
    Partial,
    Place,
    Sequence,
    Tensor,
    Unknown,
    Value,
)
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.knowledge.library import Entry
    from trainlint.semantics.machine import Activation, Machine

OFF = "no_grad"  # marks a function that turns gradients off
VEILED = "veiled"  # and one in a decorator that was not followed: gradients may be on or off
GRADIENTS = frozenset({OFF, VEILED})


def run_with(machine: Machine, s: tree.With) -> None:
    _run(machine, s.items, s.body)


def _run(machine: Machine, items: tuple[tree.WithItem, ...], body: tuple[tree.Statement, ...]) -> None:
    if not items:
        machine.execute(body)
        return
    item, rest = items[0], items[1:]
    before, doubtful = machine.now.gradient, machine.now.doubtful
    value = machine.narrow(machine.evaluate(item.context))
    made = generator(value)
    if made is not None:
        ways = _Ways(machine.activation)
        _around(machine, made, item, lambda: _run(machine, rest, body))
        for *_, state in ways.taken():
            restore(state, before, doubtful)
    else:
        given = entered(machine, value, machine.place(item))
        if item.target is not None:
            assign(machine, item.target, given)

        def leave() -> None:
            _leave(machine, value, item)
            restore(machine.now, before, doubtful)

        leaving(machine, lambda: _run(machine, rest, body), leave)
    if machine.state is not None:
        restore(machine.state, before, doubtful)


def restore(state: State, gradient: bool, doubtful: bool) -> None:
    """Gradients as before a block; what has shown in it that they are on has shown it of before too."""
    state.gradient, state.doubtful = gradient, state.doubtful and doubtful


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
        with generators.beside(machine, consumer):
            try:
                if item.target is not None:
                    assign(machine, item.target, value)
                block()
            except PathEnds:
                machine.state = None
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


def entered(machine: Machine, value: Value, place: Place | None) -> Value:
    """What a context manager gives its block; its modes hold from now on."""
    if isinstance(value, Sequence):
        return value.known[0] if value.known else machine.nothing
    if isinstance(value, Tensor):
        return value  # a picture closes its file at the end
    if isinstance(value, Object):
        if isinstance(value.cls, Library):
            entry = machine.knowledge.entries.get(value.cls.name)
            if entry is not None:
                enter(machine, entry, value.id)
            return value
        own = machine.attribute(value, "__enter__", None)
        if not isinstance(own, Unknown):
            return machine.call(own, arguments(), place)
        machine.now.doubtful = True
        return value
    machine.now.doubtful = True
    return machine.unknown("the value of an unknown context manager", place, value)


def generator(value: Value) -> Partial | None:
    """The call of a generator that a context manager is made of."""
    made = value.head[0] if isinstance(value, Sequence) and value.kind == CONTEXT and value.head else None
    return made if isinstance(made, Partial) else None


def begun(machine: Machine, made: Partial, place: Place | None) -> Value:
    """Run a generator up to its ``yield``; somebody else will run the rest."""
    found: list[tuple[Value, State, int]] = []

    def middle(item: Value) -> None:
        found.append((item, machine.now, len(machine.facts.events)))
        machine.state = None

    _run_to(machine, made, middle, place)
    if not found:
        raise PathEnds
    item, machine.state, count = found[0]
    del machine.facts.events[count:]  # of a path that ended at the ``yield``
    return item


def ended(machine: Machine, made: Partial, place: Place | None) -> None:
    """Run a generator from its ``yield`` on, with its variables as they were there."""
    start, facts = machine.now, machine.facts

    def middle(item: Value) -> None:
        frame = machine.activation.frame
        record = dict(machine.heap.record(frame))
        machine.state, machine.facts = start, facts
        machine.heap.clear(frame)
        for name, held in record.items():
            machine.heap.set(frame, name, held)

    machine.state, machine.facts = start.fork(), Facts(optimizers=facts.optimizers)
    try:
        _run_to(machine, made, middle, place)
    finally:
        machine.facts = facts


def _run_to(machine: Machine, made: Partial, middle: Callable[[Value], None], place: Place | None) -> None:
    machine.entering = middle
    try:
        machine.call(made, arguments(), place)
    except PathEnds:
        machine.state = None
    finally:
        machine.entering = None


def enter(machine: Machine, entry: Entry, made: ObjectId) -> None:
    """Turn gradients on or off as a library's object does; where a setting is open, they are taken to be on."""
    state = machine.now
    mode = machine.heap.get(made, "mode")
    asked = Flag(True) if mode is None else truth.flag(machine, mode)
    if entry.effect == "grad":
        state.gradient, state.doubtful = True, False
    elif entry.effect == "grad_enabled":
        state.gradient, state.doubtful = asked.truth is not False, asked.truth is None
    elif entry.effect == "no_grad" and asked.truth is None:
        state.doubtful = True
    elif entry.effect == "no_grad" and asked.truth:
        state.gradient = False


def decorated(machine: Machine, decorator: Value, gradient: bool) -> str | None:
    """How a decorator that turns gradients on or off marks its function, which is called with ``gradient`` so far."""
    if not isinstance(decorator, Object) or not isinstance(decorator.cls, Library):
        return None
    entry = machine.knowledge.entries.get(decorator.cls.name)
    if entry is None or entry.effect not in ("grad_enabled", "no_grad"):
        return None
    if entry.effect == "grad_enabled":
        machine.now.gradient = gradient
    mode = machine.heap.get(decorator.id, "mode")
    asked = truth.flag(machine, Flag(True) if mode is None else mode).truth
    if asked is None:
        return VEILED
    return OFF if asked is (entry.effect == "no_grad") else "plain"


def _leave(machine: Machine, value: Value, item: tree.WithItem) -> None:
    if isinstance(value, Object) and not isinstance(value.cls, Library):
        leave = machine.attribute(value, "__exit__", None)
        if not isinstance(leave, Unknown):
            nothing = machine.nothing
            machine.call(leave, arguments(nothing, nothing, nothing), machine.place(item))
