"""Where tensors begin, and where the gradient ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from trainlint.semantics import containers, freezing, intervals
from trainlint.semantics.heap import GRADIENT, LEAF
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import ANY, INFINITY, Interval
from trainlint.semantics.primitives import selection
from trainlint.semantics.primitives.base import (
    ITEM,
    KEEP_ALL,
    Use,
    make,
    primitive,
    tensor,
)
from trainlint.semantics.rows import PERMUTATION
from trainlint.semantics.shapes import Shape
from trainlint.semantics.values import (
    STORED,
    Flag,
    Library,
    Node,
    Nothing,
    Number,
    Object,
    Parameters,
    Place,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
    number,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


TRAINABLE = "requires_grad"


def _asked(use: Use) -> Shape | None:
    """The shape that a call asks for: by sizes, or by a tensor that its result is like."""
    named = next((name for name in ("size", "shape") if name in use.bound), "args" if use.first == "args" else "")
    given = use.bound.get(named)
    if given is None or isinstance(given, Nothing):
        like = use.bound.get(use.first)
        return like.shape if isinstance(like, Tensor) else None
    items = Sequence((given,)) if isinstance(given, Number) else containers.items_of(use.machine, given)
    if items is not None and len(items.known) == 1 and not isinstance(items.known[0], Number):
        items = containers.items_of(use.machine, items.known[0])
    if items is None or not items.exact:
        return None
    sizes = [each.exact if isinstance(each, Number) else None for each in items.head]
    return tuple(each if isinstance(each, int) else None for each in sizes)


@primitive("random")
def random(use: Use) -> Value:
    low, high = (float(end) for end in use.set.get("range", (-INFINITY, INFINITY)))
    bounds = Interval(low, high, False, bool(use.set.get("open")))
    if _is_one(use):
        return _drawn_number(use, bounds)
    reach = None if use.set.get("whole") else bounds
    shape = _asked(use)
    return make(use, range=bounds, reach=reach, content=use.set.get("content", ""), axis=use.axis(), shape=shape)


def _is_one(use: Use) -> bool:
    """Whether a function that takes a size was given none: it draws one number."""
    others = (each for name, each in use.bound.items() if name != "self")
    return isinstance(use.bound.get("size"), Nothing) and not any(isinstance(each, Tensor | Unknown) for each in others)


def _drawn_number(use: Use, bounds: Interval, *, integer: bool = False) -> Number:
    origin = Node("random", use.place, label=use.label)
    return Number(bounds, integer=integer, origin=origin, taint=frozenset({"random"}))


@primitive("constant")
def constant(use: Use) -> Value:
    value = use.constant("value")
    point = ANY if value is None else intervals.point(float(value))
    return make(use, range=point, reach=None if value is None else point, shape=_asked(use))


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
    """A tensor from Python data or an array; no gradient crosses from one library to another."""
    value = use.bound.get(use.roles.get("value", use.first))
    if isinstance(value, Unknown):
        return value
    return _as_dtype(use, _converted(use, value))


def _converted(use: Use, value: Value | None) -> Tensor:
    if isinstance(value, Tensor):
        crosses = bool(use.set.get("live"))
        buffer, base = (value.buffer, value.base) if use.set.get("shared") else (use.machine.fresh(), 0)
        return evolve(
            value,
            live=value.live if crosses else frozenset(),
            cut=value.cut if crosses else value.live | value.cut,
            buffer=buffer,
            base=base,
            origin=Node(use.op, use.place, (value,), KEEP_ALL, label=use.label),
        )
    if isinstance(value, Number):
        made = make(use, range=value.range, reach=value.range if value.exact is not None else None)
        return made if made.origin is None else evolve(made, origin=evolve(made.origin, inputs=(value,)))
    items = None if value is None else containers.items_of(use.machine, value)
    leaves = None if items is None else _leaves(use.machine, items)
    if items is None or not leaves:
        return make(use)
    shape = (len(items.head),) if items.exact and len(leaves) == len(items.head) else None
    if all(isinstance(each, Number) for each in leaves):
        hull = leaves[0].range
        for each in leaves[1:]:
            hull = hull.hull(each.range)
        written = make(use, range=hull, shape=shape)
        assert written.origin is not None
        given = evolve(items, head=tuple(leaves)) if items.exact else items
        return evolve(written, origin=evolve(written.origin, inputs=(given,)))
    parts = [tensor(use.machine, each) for each in leaves]
    joined = selection.mixture(use, parts)
    return evolve(joined, live=frozenset(), cut=joined.live | joined.cut)


def _leaves(machine: Machine, items: Sequence, depth: int = 0) -> list[Number | Tensor] | None:
    """The numbers and tensors in nested lists; None if anything else is among them."""
    found: list[Number | Tensor] = []
    for each in items.known:
        if isinstance(each, Number | Tensor):
            found.append(each)
            continue
        inner = containers.items_of(machine, each) if isinstance(each, Sequence | Object) and depth < 4 else None
        leaves = None if inner is None else _leaves(machine, inner, depth + 1)
        if leaves is None:
            return None
        found += leaves
    return found


_INTEGERS = frozenset({"uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "int", "bool"})
_PYTHON_TYPES = {"float": "float64", "int": "int64"}


def _dtype(use: Use) -> str | None:
    """The type of elements that is asked for, by the name that NumPy gives it."""
    given = use.set.get("dtype") or use.get("dtype")
    name = given.name.rpartition(".")[2] if isinstance(given, Library) else None
    if isinstance(given, str):
        name = given
    elif isinstance(given, Text):
        name = given.text
    return _PYTHON_TYPES.get(name, name) if name else None


def _as_dtype(use: Use, x: Tensor) -> Tensor:
    """The same elements as another type; as whole numbers they are cut off."""
    dtype = _dtype(use)
    if dtype is None or dtype == x.dtype:
        return x
    if dtype not in _INTEGERS or x.dtype in _INTEGERS:
        return evolve(x, dtype=dtype)
    whole = intervals.UNIT if dtype == "bool" else intervals.whole(x.range)
    result = make(use, x, range=whole, content=x.content if x.content == "index" else "", shape=x.shape, dtype=dtype)
    return evolve(result, live=frozenset(), cut=result.live | result.cut)


@primitive("cast")
def cast(use: Use) -> Value:
    """The same elements as another type."""
    value = use.bound.get(use.first)
    if isinstance(value, Unknown | Text):
        return use.machine.unknown("a cast of something that was not followed", use.place, value)
    if not isinstance(value, Tensor):
        return _as_dtype(use, _converted(use, value))
    return _as_dtype(use, evolve(value, origin=Node("same", use.place, (value,), KEEP_ALL, label=use.label)))


@primitive(PERMUTATION)
def permutation(use: Use) -> Value:
    """All whole numbers below one in some order, or the elements of an array."""
    value = use.bound.get(use.first)
    if isinstance(value, Number):
        return make(use, range=Interval(0.0, max(value.range.hi - 1.0, 0.0)), dtype="int64")
    return drawn(use)


@primitive("drawn")
def drawn(use: Use) -> Value:
    """Some elements, or all of them in another order; of a whole number those below it."""
    value = use.bound.get(use.first)
    if isinstance(value, Number):
        image = Interval(0.0, max(value.range.hi - 1.0, 0.0))
        return _drawn_number(use, image, integer=True) if _is_one(use) else make(use, range=image, dtype="int64")
    items = None if value is None else containers.items_of(use.machine, value)
    leaves = None if items is None or isinstance(value, Tensor) else _leaves(use.machine, items)
    if leaves and all(isinstance(each, Number) for each in leaves) and _is_one(use):
        hull = leaves[0].range
        for each in leaves[1:]:
            hull = hull.hull(each.range)
        return _drawn_number(use, hull)
    if not isinstance(value, Tensor):
        return use.machine.unknown("drawn from something that was not followed", use.place)
    return evolve(
        selection.index(use.machine, value, use.machine.unknown("an index", use.place), use.place), shape=None
    )


def cut(machine: Machine, x: Tensor, place: Place | None, label: str = "detach") -> Tensor:
    """The same elements, out of the gradient's reach; what is asked of them later is not asked of ``x``."""
    return evolve(
        x,
        live=frozenset(),
        cut=x.live | x.cut,
        buffer=machine.fresh() if x.live else x.buffer,
        origin=Node("detach", place, (x,), {**KEEP_ALL}, label=label),
    )


@primitive("detach")
def detach(use: Use) -> Value:
    value = use.bound.get(use.first)
    if isinstance(value, Tensor):
        return cut(use.machine, value, use.place, use.label)
    return value if value is not None else use.machine.nothing


@primitive("parameter")
def parameter(use: Use) -> Value:
    """A trainable tensor, or with ``requires_grad=False`` the same elements as a constant."""
    value = use.bound.get(use.first)
    if isinstance(value, Unknown) and use.set.get("follow"):
        return value
    asked = use.get(TRAINABLE)
    if use.set.get("follow") and (isinstance(value, Parameters) or _is_leaf(value)):
        freezing.put(use.machine, value, asked or Flag(None), use.place)
        return use.machine.narrow(value)
    if use.set.get("follow") and isinstance(value, Tensor) and value.live:
        return value  # it asks for gradients already
    if isinstance(asked, Flag) and asked.truth is False:
        fixed = cut(use.machine, use.x, use.place)
        return evolve(fixed, buffer=fixed.buffer or use.machine.fresh())
    return trainable(use.machine, use.x, use.place, use.label)


def _is_leaf(value: Value | None) -> TypeGuard[Tensor]:
    return isinstance(value, Tensor) and value.origin is not None and value.origin.op == LEAF


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


def stepped(machine: Machine, x: Tensor, place: Place | None) -> Tensor:
    """Weights after a step of training that the program takes by itself: it may take them anywhere."""
    buffer = x.buffer or machine.fresh()
    return evolve(
        x,
        range=ANY,
        reach=ANY,
        content="",
        number=machine.fresh(),
        facts=frozenset(),
        cut=frozenset({machine.identity(place, buffer)}),
        buffer=buffer,
        origin=Node(LEAF, place, (x,), label="a step of training"),
    )


@primitive("scalar")
def scalar(use: Use) -> Value:
    """A Python number from a tensor."""
    x = use.x
    if x.live or x.cut:
        use.machine.facts.read.append(x)
    return Number(x.range, origin=Node(ITEM, use.place, (x,), {"range": 0}, label=use.label))


@primitive("unknown")
def unknown(use: Use) -> Value:
    return use.machine.unknown(f"{use.label} is not followed", use.place, *use.tensors())


@primitive("gradients")
def gradients(use: Use) -> Value:
    """The gradient of a value by each of several others, which has a graph of its own if it is asked for."""
    outputs, by, graph = use.get(use.first), use.get("inputs") or use.machine.nothing, use.get("create_graph")
    unused = use.get("allow_unused")  # then there may be None among them
    single = isinstance(by, Tensor) or (isinstance(by, Parameters) and by.each and not by.lazy)
    items = Sequence((by,)) if single else containers.items_of(use.machine, by) or Sequence(middle=by)
    told = isinstance(graph, Flag) and graph.truth is not None and isinstance(unused, Nothing)
    if not isinstance(outputs, Tensor) or not told:
        return use.machine.unknown(f"{use.label} is not followed", use.place, *use.tensors())
    return evolve(
        items,
        head=tuple(_gradient(use, outputs, each) for each in items.head),
        middle=None if items.middle is None else _gradient(use, outputs, items.middle),
        tail=tuple(_gradient(use, outputs, each) for each in items.tail),
        kind="tuple",
    )


def _gradient(use: Use, outputs: Tensor, by: Value) -> Tensor:
    shape, graph = by.shape if isinstance(by, Tensor) else None, use.get("create_graph")
    if isinstance(graph, Flag) and graph.truth:
        return make(use, outputs, shape=shape)
    origin = Node(GRADIENT, use.place, (), {}, use.label, (outputs,))
    return Tensor(shape=shape, number=use.machine.fresh(), buffer=use.machine.fresh(), origin=origin)


@primitive("integers")
def integers(use: Use) -> Value:
    """Whole numbers from a low to below a high end; a single bound is the high end."""
    low, high = use.constant("low"), use.constant("high")
    if high is None and low is not None and not isinstance(use.get("high"), Number):
        low, high = 0, low
    if low is None:
        return make(use)
    last = INFINITY if high is None else max(float(low), float(high))
    image = Interval(float(low), last, False, last == INFINITY)
    if _is_one(use):
        return _drawn_number(use, image, integer=True)
    return make(use, range=image, shape=_asked(use), dtype="int64")


@primitive("between")
def between(use: Use) -> Value:
    """Numbers that fill the line from one end to the other."""
    low, high = use.constant("low"), use.constant("high")
    if low is None or high is None:
        return make(use)
    image = Interval(float(min(low, high)), float(max(low, high)))
    return _drawn_number(use, image) if _is_one(use) else make(use, range=image, reach=image, shape=_asked(use))


@primitive("truncated")
def truncated(use: Use) -> Value:
    """Normal numbers of which those beyond two standard deviations are drawn again."""
    mean, deviation = use.constant("mean"), use.constant("stddev")
    if mean is None or deviation is None:
        return make(use)
    image = Interval(mean - 2.0 * abs(deviation), mean + 2.0 * abs(deviation))
    return make(use, range=image, reach=image)


@primitive("value")
def value(use: Use) -> Value:
    """A number or text that is always the same."""
    fixed = use.set["value"]
    return Text(fixed) if isinstance(fixed, str) else number(fixed, Node("literal", use.place))


@primitive(STORED)
def stored(use: Use) -> Value:
    """What was stored: nobody knows its form, but it is data."""
    return Unknown(
        why=f"what {use.label} gives is not followed",
        origin=Node(STORED, use.place, tuple(use.bound.values()), label=use.label),
    )


def is_stored(value: Value) -> bool:
    """Whether a value that was not followed is stored data, or was taken out of them."""
    node = value.origin
    while node is not None and node.op != STORED and node.inputs:
        node = node.inputs[0].origin
    return node is not None and node.op == STORED


@primitive("nothing")
def nothing(use: Use) -> Value:
    """A call for its effect: it gives None."""
    return use.machine.nothing
