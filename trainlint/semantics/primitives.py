"""What mathematical operations do to a tensor: its range and reach, its content, its gradient, its history.

Each primitive is a function of a `Use`: the bound arguments of one call. Library names map to primitives in the
knowledge files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from trainlint.semantics import containers, intervals
from trainlint.semantics.intervals import ANY, INFINITY, NON_NEGATIVE, OPEN_UNIT, UNIT, Interval
from trainlint.semantics.values import (
    Choice,
    Fact,
    Flag,
    Node,
    Nothing,
    Number,
    ObjectId,
    Place,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

PROBABILITIES = frozenset({"probabilities", "binary"})
LOG_PROBABILITIES = frozenset({"log-probabilities", "log-binary"})
MIXTURE = Fact("mixture", 0)
_KEEP_ALL = {"range": 0, "reach": 0, "content": 0, "live": 0, "why": 0}


@define
class Use:
    """One use of a primitive: its arguments by parameter name, and where it stands."""

    machine: Machine
    label: str
    bound: dict[str, Value]
    place: Place | None
    set: Mapping[str, Any] = field(factory=dict)
    roles: Mapping[str, str] = field(factory=dict)
    owner: ObjectId | None = None
    first: str = "input"
    op: str = ""

    def get(self, role: str) -> Value | None:
        return self.bound.get(self.roles.get(role, role))

    def constant(self, role: str) -> float | int | None:
        """A setting as a plain number: fixed by the knowledge, or what the argument is known to be."""
        if role in self.set:
            value = self.set[role]
            return value if isinstance(value, int | float) else None
        value = self.get(role)
        return value.value if isinstance(value, Number) else None

    def axis(self) -> int | None:
        value = self.constant("axis")
        return int(value) if value is not None else None

    @property
    def x(self) -> Tensor:
        return tensor(self.machine, self.bound.get(self.first))

    def tensors(self) -> list[Tensor]:
        """Every tensor among the arguments."""
        return [value for value in self.bound.values() if isinstance(value, Tensor)]


def tensor(machine: Machine, value: Value | None) -> Tensor:
    """``value`` as a tensor; of what was not followed nothing is known but its history."""
    if isinstance(value, Tensor):
        return value
    if isinstance(value, Number):
        return Tensor(range=value.range, reach=value.range if value.exact is not None else None, origin=value.origin)
    return Tensor(number=machine.fresh(), origin=None if value is None else value.origin)


def make(
    use: Use,
    *inputs: Tensor,
    range: Interval = ANY,
    reach: Interval | None = None,
    content: str = "",
    axis: int | None = None,
    shape: tuple[int | None, ...] | None = None,
    keeps: tuple[str, ...] = (),
    key: object = None,
    facts: frozenset[Fact] = frozenset(),
    dtype: str | None = None,
) -> Tensor:
    """A new tensor from ``inputs``: gradients combined, history noted; ``keeps`` names what the first input decided."""
    machine = use.machine
    live = frozenset().union(*(each.live for each in inputs)) if inputs else frozenset()
    cut = frozenset().union(*(each.cut for each in inputs)) - live if inputs else frozenset()
    if use.owner is not None:
        live |= {use.owner}
    if not machine.now.gradient:
        live, cut = frozenset(), live | cut
    mixture = (
        frozenset({MIXTURE}) if any(MIXTURE in each.facts for each in inputs) and use.owner is None else frozenset()
    )
    number = machine.number(use.label, key, *(each.number for each in inputs))
    if not inputs or any(each.number == 0 for each in inputs) or key is None:
        number = machine.fresh()
    node = Node(use.op or use.label, use.place, inputs, dict.fromkeys(keeps, 0), label=use.label)
    return Tensor(
        range=range,
        reach=reach,
        content=content,
        axis=axis,
        shape=shape,
        number=number,
        facts=facts | mixture,
        live=live,
        cut=cut,
        buffer=machine.fresh(),
        origin=node,
        dtype=dtype,
    )


# Elementwise ----------------------------------------------------------------------------------------------------------


def _mapped(use: Use, transfer: Callable[[Interval], Interval], **settings: Any) -> Tensor:
    x = use.x
    reach = None if x.reach is None else transfer(x.reach)
    return make(use, x, range=transfer(x.range), reach=reach, shape=x.shape, key="map", **settings)


def relu(use: Use) -> Value:
    return _mapped(use, lambda a: intervals.clamp(a, 0.0, None))


def clamp(use: Use) -> Value:
    x = use.x
    low, high = use.constant("min"), use.constant("max")

    def transfer(a: Interval) -> Interval:
        return intervals.clamp(a, low, high)

    if any(isinstance(use.get(role), Unknown | Tensor) for role in ("min", "max")):
        return make(use, x, shape=x.shape)
    after = transfer(x.range)
    slight = x.content in PROBABILITIES | LOG_PROBABILITIES and (low is None or low <= 0.01)
    keeps = ("range", "reach", "content") if after == x.range or slight else ()
    result = _mapped(use, transfer, content=x.content if slight else "", axis=x.axis if slight else None, keeps=keeps)
    return result


def absolute(use: Use) -> Value:
    return _mapped(use, intervals.absolute)


def square(use: Use) -> Value:
    return _mapped(use, lambda a: intervals.power(a, 2))


def power(use: Use) -> Value:
    x, exponent = use.x, use.constant("exponent")
    if exponent is None:
        return make(use, x, shape=x.shape)
    if exponent == 2:
        return square(use)
    return _mapped(use, lambda a: intervals.power(a, float(exponent)))


def root(use: Use) -> Value:
    return _mapped(use, lambda a: intervals.power(a, 0.5))


def negative(use: Use) -> Value:
    return _mapped(use, intervals.negate)


def exponential(use: Use) -> Value:
    x = use.x
    content = {"log-probabilities": "probabilities", "log-binary": "binary"}.get(x.content, "")
    facts = frozenset({Fact("exp-of", x.number)})
    if content:
        return make(use, x, range=UNIT, reach=None, content=content, axis=x.axis, shape=x.shape, key="exp", facts=facts)
    return _mapped(use, intervals.exponential, facts=facts)


def logarithm(use: Use) -> Value:
    x = use.x
    content = {"probabilities": "log-probabilities", "binary": "log-binary"}.get(x.content, "")
    if content:
        range_ = Interval(-INFINITY, max(0.0, intervals.logarithm(x.range).hi))
        return make(use, x, range=range_, content=content, axis=x.axis, shape=x.shape, key="log", keeps=("content",))
    return _mapped(use, intervals.logarithm)


def sigmoid(use: Use) -> Value:
    x = use.x
    reach = OPEN_UNIT if x.reach == ANY else None
    return make(use, x, range=OPEN_UNIT, reach=reach, content="binary", shape=x.shape, key="sigmoid")


def log_sigmoid(use: Use) -> Value:
    x = use.x
    below = Interval(-INFINITY, 0.0)
    reach = below if x.reach == ANY else None
    return make(use, x, range=below, reach=reach, content="log-binary", shape=x.shape, key="log_sigmoid")


def squash(use: Use) -> Value:
    """A monotone elementwise function whose range the knowledge gives; it is filled if the argument fills the line."""
    x = use.x
    low, high = (float(end) for end in use.set["range"])
    image = Interval(low, high, bool(use.set.get("open")) or low == -INFINITY, bool(use.set.get("open")))
    keeps = ("range", "reach") if image == ANY else ()
    reach = image if x.reach == ANY else None
    if image == ANY and x.reach is not None:
        reach = x.reach if x.reach.lo == 0 else ANY if x.reach == ANY else None
        if x.range.lo >= 0:
            return make(use, x, range=x.range, reach=reach, shape=x.shape, key="squash", keeps=("range", "reach"))
    return make(use, x, range=image, reach=reach, shape=x.shape, key="squash", keeps=keeps)


def softmax(use: Use) -> Value:
    x = use.x
    axis = _positive_axis(use.axis(), x)
    return make(use, x, range=OPEN_UNIT, content="probabilities", axis=axis, shape=x.shape, key=("softmax", axis))


def log_softmax(use: Use) -> Value:
    x = use.x
    axis = _positive_axis(use.axis(), x)
    below = Interval(-INFINITY, 0.0)
    return make(use, x, range=below, content="log-probabilities", axis=axis, shape=x.shape, key=("log_softmax", axis))


def _positive_axis(axis: int | None, x: Tensor) -> int | None:
    if axis is not None and axis < 0 and x.shape is not None:
        return axis + len(x.shape)
    return axis


def same(use: Use) -> Value:
    """Everything is kept: identity, contiguous, dropout in evaluation."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return value if value is not None else use.machine.nothing
    return evolve(value, origin=Node(use.op, use.place, (value,), _KEEP_ALL, label=use.label))


def dropout(use: Use) -> Value:
    """Zeros join the range; what is kept grows by 1/(1 - p)."""
    value = use.bound.get(use.first)
    if isinstance(value, Unknown):
        return value
    x = use.x
    if x.range.lo < 0 < x.range.hi and not x.range.is_bounded:
        return same(use)
    p = use.constant("p")
    scale = 1.0 / (1.0 - p) if p is not None and 0 <= p < 1 else 2.0
    grown = intervals.multiply(x.range, Interval(0.0, scale))
    return evolve(
        make(use, x, range=grown, reach=x.reach, content=x.content, axis=x.axis, shape=x.shape, keeps=tuple(_KEEP_ALL))
    )


# Layers ---------------------------------------------------------------------------------------------------------------


def affine(use: Use) -> Value:
    """Weighted sums with trained weights: any number, and any number is reached."""
    x = use.x
    shape = x.shape
    last = use.constant("last")
    if shape is not None and shape:
        shape = (*shape[:-1], int(last) if last is not None else None)
    channels = use.constant("channels")
    if channels is not None or "channels" in use.roles:
        shape = None
    others = [each for each in use.tensors() if each is not x]
    return make(use, x, *others, range=ANY, reach=ANY, shape=shape)


def opaque(use: Use) -> Value:
    """A layer of which only its being a layer is known."""
    return make(use, *use.tensors())


def recurrent(use: Use) -> Value:
    """Sequence layers give their outputs, in (-1, 1) but for a ReLU cell, and their last state."""
    x = use.x
    bound = Interval(-1.0, 1.0, True, True)
    nonlinearity = use.get("nonlinearity")
    if isinstance(nonlinearity, Text) and nonlinearity.value == "relu":
        bound = NON_NEGATIVE
    projected = use.constant("proj_size")
    if projected:
        bound = ANY
    output = make(use, x, range=bound, reach=bound)
    state = make(use, x, range=bound, reach=bound)
    shape = use.set.get("gives", "pair")
    if shape == "cell":
        return output
    memory = make(use, x, range=ANY, reach=ANY)
    if shape == "states":
        return Sequence((output, memory))
    if shape == "lstm":
        return Sequence((output, Sequence((state, memory))))
    return Sequence((output, state))


def attention(use: Use) -> Value:
    weights = make(use, *use.tensors(), range=UNIT)
    return Sequence((make(use, *use.tensors(), range=ANY, reach=ANY), weights))


def pool(use: Use) -> Value:
    x = use.x
    result = make(use, x, range=x.range, reach=x.reach, content=x.content, axis=x.axis, keeps=tuple(_KEEP_ALL))
    indices = use.get("return_indices")
    if isinstance(indices, Flag) and indices.truth:
        return Sequence((result, use.machine.unknown("indices", use.place)))
    return result


# Layout and selection -------------------------------------------------------------------------------------------------


def layout(machine: Machine, x: Tensor, name: str, place: Place | None, shape: tuple[int | None, ...] | None) -> Tensor:
    """The same elements in another order or form."""
    return evolve(x, shape=shape, origin=Node(name, place, (x,), _KEEP_ALL, label=name))


def relayout(use: Use) -> Value:
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return value if isinstance(value, Unknown) else use.machine.unknown("a layout of no tensor", use.place)
    return evolve(
        layout(use.machine, value, use.label, use.place, _shape_after(use, value)), axis=_axis_after(use, value)
    )


def _axis_after(use: Use, x: Tensor) -> int | None:
    return x.axis if use.set.get("layout") in (None, "cast") else None


def _shape_after(use: Use, x: Tensor) -> tuple[int | None, ...] | None:
    kind = use.set.get("layout")
    if kind == "cast":
        return x.shape
    if kind == "flatten" and x.shape is not None and use.constant("start_dim") == 1 and len(x.shape) >= 1:
        sizes = x.shape[1:]
        total = 1
        for size in sizes:
            if size is None:
                return (x.shape[0], None)
            total *= size
        return (x.shape[0], total)
    return None


def index(machine: Machine, x: Tensor, at: Value, place: Place | None) -> Tensor:
    """Some elements of a tensor: they are what the whole is, unless the whole is a mixture."""
    reach = None if MIXTURE in x.facts else x.reach
    shape = None
    if x.shape is not None and x.shape and isinstance(at, Number | Unknown) and not isinstance(at, Unknown):
        shape = x.shape[1:]
    axis = x.axis
    return evolve(
        x,
        reach=reach,
        shape=shape,
        axis=axis,
        number=machine.fresh(),
        facts=x.facts & frozenset({MIXTURE}),
        buffer=machine.fresh(),
        base=x.buffer,
        origin=Node("index", place, (x, at), {**_KEEP_ALL}, label="indexing"),
    )


def select(use: Use) -> Value:
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return value if isinstance(value, Unknown) else use.machine.unknown("a selection from no tensor", use.place)
    part = index(use.machine, value, use.machine.unknown("an index", use.place), use.place)
    if use.set.get("many"):
        return Sequence((), part, (), "iterator", endless=True)
    return evolve(part, shape=None)


def concat(use: Use) -> Value:
    """Several tensors side by side: the hull of all; it is filled only as far as the widest part is."""
    sequence = containers.items_of(use.machine, use.bound.get(use.first) or use.machine.nothing)
    if sequence is None:
        return use.machine.unknown("joined tensors that were not followed", use.place)
    parts = [tensor(use.machine, _first_option(each)) for each in sequence.known]
    if not parts or any(isinstance(each, Choice) for each in sequence.known):
        return make(use, *parts)
    return _mixture(use, parts, exact=sequence.exact)


def _first_option(value: Value) -> Value:
    return value.options[0][1] if isinstance(value, Choice) else value


def _mixture(use: Use, parts: list[Tensor], *, exact: bool = True) -> Tensor:
    hull = parts[0].range
    reaches = [part.reach for part in parts if part.reach is not None]
    for part in parts[1:]:
        hull = hull.hull(part.range)
    reach: Interval | None = reaches[0] if reaches else None
    for each in reaches[1:]:
        reach = reach.hull(each) if reach is not None else None
    contents = {part.content for part in parts}
    alike = len({(part.range, part.reach) for part in parts}) == 1
    content = contents.pop() if len(contents) == 1 else ""
    # An end that only an unknown part could exceed is not known to be the end.
    facts = frozenset() if alike else frozenset({MIXTURE})
    result = make(use, *parts, range=hull, reach=reach, content=content, axis=parts[0].axis if content else None)
    keeps = _KEEP_ALL if alike else {}
    assert result.origin is not None
    return evolve(result, facts=result.facts | facts, origin=evolve(result.origin, carrier=keeps))


def where(use: Use) -> Value:
    parts = [tensor(use.machine, use.get(role)) for role in ("yes", "no")]
    if any(isinstance(use.get(role), Unknown) for role in ("yes", "no")):
        return make(use, *parts)
    return _mixture(use, parts)


# Reductions -----------------------------------------------------------------------------------------------------------


def reduce(use: Use) -> Value:
    """Sums, means and extremes over some axes."""
    x = use.x
    kind = use.set.get("kind", "mean")
    axis = use.axis()
    facts = frozenset({Fact(kind, x.number, None if axis is None else (axis,))})
    range_, reach = x.range, None
    if kind in ("sum",):
        range_ = _summed(x.range)
    if x.reach is not None:
        spread = _summed(x.reach) if kind == "sum" else x.reach
        if spread.lo == -INFINITY or spread.hi == INFINITY:
            reach = spread
    content, kept = "", None
    if kind == "mean" and x.content in PROBABILITIES and axis is not None and axis != x.axis:
        content, kept = x.content, x.axis
    keeps = ("range", "reach", "live", "why") if kind != "sum" else ("live", "why")
    result = make(
        use, x, range=range_, reach=reach, content=content, axis=kept, key=(kind, axis), facts=facts, keeps=keeps
    )
    if kind in ("max", "min") and (axis is not None or use.get("axis") is not None) and not use.set.get("plain"):
        if not isinstance(use.get("axis"), Nothing | None):
            return Sequence((evolve(result, content=x.content and "binary"), _indices(use, x)), kind="tuple")
    return result


def _summed(a: Interval) -> Interval:
    return Interval(
        -INFINITY if a.lo < 0 else a.lo,
        INFINITY if a.hi > 0 else a.hi,
        a.lo_open and a.lo >= 0,
        a.hi_open and a.hi <= 0,
    )


def _indices(use: Use, x: Tensor) -> Tensor:
    indices = make(use, x, range=NON_NEGATIVE, content="index", dtype="int64")
    return evolve(indices, live=frozenset(), cut=x.live | x.cut)


def arg(use: Use) -> Value:
    return _indices(use, use.x)


def spread(use: Use) -> Value:
    """Norms, standard deviations, variances, distances: never negative."""
    inputs = use.tensors() or [use.x]
    reach = NON_NEGATIVE if any(each.reach == ANY for each in inputs) else None
    return make(use, *inputs, range=NON_NEGATIVE, reach=reach)


def log_sum_exp(use: Use) -> Value:
    x = use.x
    axis = use.axis()
    facts = frozenset({Fact("logsumexp", x.number, None if axis is None else (axis,))})
    return make(use, x, range=ANY, reach=ANY if x.reach == ANY else None, key=("lse", axis), facts=facts)


def top(use: Use) -> Value:
    x = use.x
    return Sequence((make(use, x, range=x.range, reach=None, content=x.content and "binary"), _indices(use, x)))


# Sources --------------------------------------------------------------------------------------------------------------


def random(use: Use) -> Value:
    low, high = (float(end) for end in use.set.get("range", (-INFINITY, INFINITY)))
    bounds = Interval(low, high, False, bool(use.set.get("open")))
    return make(use, range=bounds, reach=bounds)


def constant(use: Use) -> Value:
    value = use.constant("value")
    if value is None:
        return make(use)
    return make(use, range=intervals.point(float(value)), reach=intervals.point(float(value)))


def bounded(use: Use) -> Value:
    """Any operation of which only the range of its result is known."""
    inputs = use.tensors()
    low, high = (float(end) for end in use.set["range"])
    image = Interval(low, high)
    reach = image if use.set.get("filled") and any(each.reach == ANY for each in inputs) else None
    result = make(use, *inputs, range=image, reach=reach, content=use.set.get("content", ""))
    return evolve(result, live=frozenset(), cut=result.live | result.cut) if use.set.get("cuts") else result


def convert(use: Use) -> Value:
    """A tensor from Python data or an array: a new leaf that no gradient crosses."""
    value = use.bound.get(use.first)
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
        origin=Node("detach", place, (x,), {**_KEEP_ALL}, label="detach"),
    )


def detach(use: Use) -> Value:
    value = use.bound.get(use.first)
    if isinstance(value, Tensor):
        return cut(use.machine, value, use.place)
    return value if value is not None else use.machine.nothing


def parameter(use: Use) -> Value:
    """A trainable tensor: it is a leaf that owns itself."""
    x = use.x
    id = use.machine.identity(use.place, 1)
    return evolve(make(use, x, range=ANY, reach=ANY, shape=x.shape), live=frozenset({id}), cut=frozenset())


def scalar(use: Use) -> Value:
    """A Python number from a tensor."""
    x = use.x
    return Number(x.range, origin=Node(use.label, use.place, (x,), {"range": 0}))


def product(use: Use) -> Value:
    """Matrix products: sums of products."""
    inputs = use.tensors()
    filled = len(inputs) >= 2 and all(each.reach is not None and not each.reach.is_point for each in inputs)
    endless = any(
        each.reach is not None and each.reach.lo == -INFINITY and each.reach.hi == INFINITY for each in inputs
    )
    weighted = any(each.reach == ANY for each in inputs) and any(each.content in PROBABILITIES for each in inputs)
    reach = ANY if (filled and endless) or weighted else None
    return make(use, *inputs, range=ANY, reach=reach)


def unknown(use: Use) -> Value:
    return use.machine.unknown(f"{use.label} is not followed", use.place, *use.tensors())


PRIMITIVES: dict[str, Callable[[Use], Value]] = {
    "relu": relu,
    "clamp": clamp,
    "absolute": absolute,
    "square": square,
    "power": power,
    "root": root,
    "negative": negative,
    "exp": exponential,
    "log": logarithm,
    "sigmoid": sigmoid,
    "log_sigmoid": log_sigmoid,
    "squash": squash,
    "softmax": softmax,
    "log_softmax": log_softmax,
    "same": same,
    "dropout": dropout,
    "affine": affine,
    "opaque": opaque,
    "recurrent": recurrent,
    "attention": attention,
    "pool": pool,
    "layout": relayout,
    "select": select,
    "concat": concat,
    "where": where,
    "reduce": reduce,
    "arg": arg,
    "spread": spread,
    "log_sum_exp": log_sum_exp,
    "top": top,
    "random": random,
    "constant": constant,
    "bounded": bounded,
    "convert": convert,
    "detach": detach,
    "parameter": parameter,
    "scalar": scalar,
    "product": product,
    "unknown": unknown,
}
