"""Generators that a loop goes through: its body runs wherever one yields, not after all of them have."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.semantics import containers
from trainlint.semantics.growth import FAR_TURN
from trainlint.semantics.heap import State, join_states
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import Arguments, Given, PathEnds, arguments
from trainlint.semantics.values import Bound, Function, Library, Object, Place, Sequence, Site, Value
from trainlint.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainlint.semantics.machine import Activation, Machine

LAZY = frozenset({"builtins.enumerate", "builtins.zip", "builtins.map", "builtins.filter", "builtins.iter"})
_MOST = 64  # items that are told apart

Items = Callable[[Sequence], Value]  # what a loop goes through, made of what a generator yields


@frozen(eq=False)
class Made:
    """A generator that has not begun, and what wraps it."""

    function: Value
    given: Arguments
    place: Place
    items: Items


def made(machine: Machine, e: tree.Expression) -> Made | None:
    """What a loop goes through if that is a call of a generator of the project, perhaps counted or zipped."""
    if not isinstance(e, tree.Call) or not _is_plain(e.function):
        return None
    from trainlint.semantics import expressions  # which needs this for ``yield``

    function = machine.evaluate(e.function)
    if is_generator(function):
        return Made(function, expressions.gather(machine, e.arguments), machine.place(e), lambda items: items)
    if not isinstance(function, Library) or not _is_lazy(machine, function):
        return None
    for index, argument in enumerate(e.arguments):
        inner = None if argument.star or argument.keyword else made(machine, argument.value)
        if inner is not None:
            others = expressions.gather(machine, e.arguments[:index] + e.arguments[index + 1 :])
            return _wrapped(machine, function, others, index, inner, machine.place(e))
    return None


def _wrapped(machine: Machine, function: Library, others: Arguments, index: int, inner: Made, place: Place) -> Made:
    def items(sequence: Sequence) -> Value:
        positional = list(others.positional)
        positional.insert(index, Given(inner.items(sequence), place))
        return machine.call(function, evolve(others, positional=tuple(positional)), place)

    return evolve(inner, items=items)


def of_object(machine: Machine, value: Value, place: Place) -> Made | None:
    """What a loop goes through if that is an object of the project whose ``__iter__`` is a generator."""
    if not isinstance(value, Object) or isinstance(value.cls, Library) or containers.is_list(value):
        return None
    method = machine.attribute(value, "__iter__", None)
    return Made(method, arguments(), place, lambda items: items) if is_generator(method) else None


def is_generator(value: Value) -> bool:
    function = value.function if isinstance(value, Bound) else value
    return (
        isinstance(function, Function)
        and isinstance(function.source, tree.FunctionDef)
        and function.source.generator
        and "contextmanager" not in function.marks
        and not function.place.path.startswith("stub:")
    )


def _is_plain(e: tree.Expression) -> bool:
    """Whether it makes no difference how often this is evaluated."""
    while isinstance(e, tree.Attribute):
        e = e.value
    return isinstance(e, tree.Name)


def _is_lazy(machine: Machine, function: Library) -> bool:
    entry = machine.knowledge.entries.get(function.name)
    passed_on = entry is not None and entry.kind == "wrapper" and entry.wraps == "iterable"
    return passed_on or function.name in LAZY or function.name.startswith("itertools.")


def go_through(machine: Machine, found: Made, loop: Place, body: Callable[[Value], None]) -> list[State]:
    """Run a generator, and ``body`` for each item that it yields; the states in which that leaves the loop."""
    consumer = machine.activation
    gradient, doubtful = machine.now.gradient, machine.now.doubtful
    own = found.function.function if isinstance(found.function, Bound) else found.function
    apart = isinstance(own, Function) and bool(own.marks)  # such a decorator is at work between the items alone
    breaks: list[State] = []
    index = 0

    outer = consumer.site

    def middle(value: Value) -> None:
        nonlocal index
        producer = machine.activation
        item = _item(machine, found.items, value, index)
        if item is None:
            machine.state = None
            return
        continues: list[State] = []
        with beside(machine, consumer, within=True):
            before = machine.now.gradient, machine.now.doubtful
            if apart:
                machine.now.gradient, machine.now.doubtful = gradient, doubtful
            consumer.loops.append((breaks, continues))
            if _is_in_turn(producer, outer):  # of a loop of the generator, which is that of the body too
                consumer.site = machine.site(consumer.site, loop)
            else:
                consumer.site = machine.site(consumer.site, loop, index)
            try:
                body(item)
            except PathEnds:
                machine.state = None
            finally:
                consumer.loops.pop()
            states = [each for each in (machine.state, *continues) if each is not None]
            machine.state = join_states(states) if states else None
            if machine.state is not None and apart:
                machine.state.gradient, machine.state.doubtful = before
        index += 1

    machine.entering = middle
    try:
        machine.call(found.function, found.given, found.place)
    except PathEnds:
        machine.state = None
    finally:
        machine.entering = None
    return breaks


def _is_in_turn(producer: Activation, outer: Site) -> bool:
    """Whether a generator is in the turn of a loop of its own."""
    for each in producer.site.links():
        if each is outer:
            return False
        if each.is_turn:
            return True
    return False


def hand_on(machine: Machine, e: tree.Expression, middle: Callable[[Value], None]) -> None:
    """``yield from``: each item of an expression goes to who takes those of the generator that runs."""
    from trainlint.semantics.loops import run_turns

    def each(value: Value) -> None:
        middle(value)
        if machine.state is None:
            raise PathEnds

    place = machine.place(e)
    inner = made(machine, e)
    if inner is None:
        value = machine.narrow(machine.evaluate(e))
        inner = of_object(machine, value, place)
        if inner is None:
            run_turns(machine, place, containers.iterate(machine, value, place), each)
            return
    go_through(machine, inner, place, each)


def _item(machine: Machine, items: Items, value: Value, index: int) -> Value | None:
    """What the loop makes of an item; None if it has come to its end."""
    far = index >= _MOST or any(each.turn >= FAR_TURN for each in machine.activation.site.turns())
    lead = () if far else (machine.nothing,) * index
    sequence = (
        Sequence(middle=value, kind="iterator", endless=True) if far else Sequence((*lead, value), kind="iterator")
    )
    made = containers.items_of(machine, items(sequence))
    if made is None:
        return machine.unknown("an item that was not followed", None)
    if len(made.head) > len(lead):
        return made.head[len(lead)]
    return made.middle


@contextmanager
def beside(machine: Machine, consumer: Activation, *, within: bool = False) -> Iterator[None]:
    """Go on with who takes what a generator yields; ``within`` the turn that the generator is in."""
    producer, site = machine.activation, consumer.site
    running = machine.running
    machine.activation = consumer
    machine.running = [each for each in running if producer.function is None or each[0] != producer.function.place]
    if within:
        consumer.site = producer.site
    try:
        yield
    finally:
        machine.activation, consumer.site, machine.running = producer, site, running
