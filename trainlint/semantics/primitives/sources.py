"""Where tensors begin, and where the gradient ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from trainlint.semantics import containers, intervals
from trainlint.semantics.heap import LEAF
from trainlint.semantics.intervals import ANY, INFINITY, Interval
from trainlint.semantics.primitives.base import (
    KEEP_ALL,
    Use,
    make,
    primitive,
)
from trainlint.semantics.values import (
    Flag,
    Node,
    Number,
    Place,
    Tensor,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


TRAINABLE = "requires_grad"


@primitive("random")
def random(use: Use) -> Value:
    low, high = (float(end) for end in use.set.get("range", (-INFINITY, INFINITY)))
    bounds = Interval(low, high, False, bool(use.set.get("open")))
    return make(use, range=bounds, reach=bounds)


@primitive("constant")
def constant(use: Use) -> Value:
    value = use.constant("value")
    if value is None:
        return make(use)
    return make(use, range=intervals.point(float(value)), reach=intervals.point(float(value)))


@primitive("bounded", bends=True)
def bounded(use: Use) -> Value:
    """Any operation of which only the range of its result is known."""
    inputs = use.tensors()
    low, high = (float(end) for end in use.set["range"])
    image = Interval(low, high)
    reach = image if use.set.get("filled") and any(each.reach == ANY for each in inputs) else None
    result = make(use, *inputs, range=image, reach=reach, content=use.set.get("content", ""))
    return evolve(result, live=frozenset(), cut=result.live | result.cut) if use.set.get("cuts") else result


@primitive("convert")
def convert(use: Use) -> Value:
    """A tensor from Python data or an array: a new leaf that no gradient crosses."""
    value = use.bound.get(use.roles.get("value", use.first))
    if isinstance(value, Tensor):
        return evolve(
            make(use, value, range=value.range, reach=value.reach, content=value.content, axis=value.axis),
            live=frozenset(),
            cut=value.live | value.cut,
        )
    if isinstance(value, Number):
        return make(use, range=value.range, reach=value.range if value.exact is not None else None)
    items = None if value is None else containers.items_of(use.machine, value)
    if items is not None and items.exact and items.head and all(isinstance(each, Number) for each in items.head):
        hull = None
        for each in items.head:
            assert isinstance(each, Number)
            hull = each.range if hull is None else hull.hull(each.range)
        return make(use, range=hull or ANY, shape=(len(items.head),))
    if isinstance(value, Unknown):
        return value
    return make(use)


def cut(machine: Machine, x: Tensor, place: Place | None) -> Tensor:
    """The same elements, out of the gradient's reach."""
    return evolve(
        x,
        live=frozenset(),
        cut=x.live | x.cut,
        origin=Node("detach", place, (x,), {**KEEP_ALL}, label="detach"),
    )


@primitive("detach")
def detach(use: Use) -> Value:
    value = use.bound.get(use.first)
    if isinstance(value, Tensor):
        return cut(use.machine, value, use.place)
    return value if value is not None else use.machine.nothing


@primitive("parameter")
def parameter(use: Use) -> Value:
    """A trainable tensor, or with ``requires_grad=False`` the same elements as a constant."""
    value = use.bound.get(use.first)
    if isinstance(value, Unknown) and use.set.get("follow"):
        return value
    asked = use.bound.get(TRAINABLE)
    if isinstance(asked, Flag) and asked.truth is False:
        return cut(use.machine, use.x, use.place)
    return trainable(use.machine, use.x, use.place, use.label)


def trainable(machine: Machine, x: Tensor, place: Place | None, label: str) -> Tensor:
    """A leaf that owns itself: training may take it anywhere, whatever it began as."""
    buffer = x.buffer or machine.fresh()
    leaf = Tensor(
        reach=ANY,
        shape=x.shape,
        dtype=x.dtype,
        number=machine.fresh(),
        live=frozenset({machine.identity(place, buffer)}),
        buffer=buffer,
        origin=Node(LEAF, place, (x,), label=label),
    )
    machine.heap.set(machine.buffers, str(buffer), leaf)
    return leaf


@primitive("scalar")
def scalar(use: Use) -> Value:
    """A Python number from a tensor."""
    x = use.x
    return Number(x.range, origin=Node(use.label, use.place, (x,), {"range": 0}))


@primitive("unknown")
def unknown(use: Use) -> Value:
    return use.machine.unknown(f"{use.label} is not followed", use.place, *use.tensors())


@primitive("integers")
def integers(use: Use) -> Value:
    """Whole numbers from a low to below a high end; a single bound is the high end."""
    low, high = use.constant("low"), use.constant("high")
    if high is None and low is not None and not isinstance(use.get("high"), Number):
        low, high = 0, low
    if low is None:
        return make(use)
    last = INFINITY if high is None else max(float(low), float(high))
    return make(use, range=Interval(float(low), last, False, last == INFINITY))


@primitive("between")
def between(use: Use) -> Value:
    """Numbers that fill the line from one end to the other."""
    low, high = use.constant("low"), use.constant("high")
    if low is None or high is None:
        return make(use)
    image = Interval(float(min(low, high)), float(max(low, high)))
    return make(use, range=image, reach=image)


@primitive("data")
def data(use: Use) -> Value:
    """What was stored: nobody knows its form, but it is data."""
    return Unknown(
        why=f"what {use.label} gives is not followed",
        origin=Node("data", use.place, tuple(use.bound.values()), label=use.label),
    )


@primitive("nothing")
def nothing(use: Use) -> Value:
    """A call for its effect: it gives None."""
    return use.machine.nothing
