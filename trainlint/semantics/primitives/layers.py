"""Layers with and without weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers, feeding, intervals, shapes
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import ANY, INFINITY, NON_NEGATIVE, UNIT, Interval
from trainlint.semantics.machine import arguments
from trainlint.semantics.primitives.base import (
    KEEP_ALL,
    Use,
    make,
    note_normalised,
    primitive,
    tensor,
)
from trainlint.semantics.shapes import Shape
from trainlint.semantics.values import (
    Flag,
    Nothing,
    Number,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    pass

SIGNED_UNIT = Interval(-1.0, 1.0)


@primitive("affine")
def affine(use: Use) -> Value:
    """Weighted sums with trained weights: any number, and any number is reached."""
    x, last = use.x, use.constant("last")
    last = None if last is None else int(last)
    shape: Shape | None = None
    if "channels" in use.roles:
        shape = _channelled(use)
    elif not _channels_first(use):
        spatial = use.set.get("spatial")
        window = _window(use, "kernel") if spatial is True else None
        shape = shapes.spatial(x.shape, last, window) if spatial else shapes.with_last(x.shape, last)
    others = [each for each in use.tensors() if each is not x]
    return make(use, x, *others, range=ANY, reach=ANY, shape=shape)


def _channelled(use: Use) -> Shape | None:
    """A batch of images or series with their channels first; what is known to have no batch axis is something else."""
    channels, dims = use.constant("channels"), int(use.set.get("dims", 0))
    known = use.x.shape
    if not dims or (known is not None and not shapes.is_open(known) and len(known) != dims + 2):
        return None
    first = shapes.length(known, 0)
    return (first, None if channels is None else int(channels), *(None,) * dims)


def _channels_first(use: Use) -> bool:
    order = use.get("data_format")
    return not isinstance(order, Nothing | None) and not (isinstance(order, Text) and order.value == "channels_last")


@primitive("opaque")
def opaque(use: Use) -> Value:
    """A layer of which only its being a layer is known."""
    return make(use, *use.tensors())


@primitive("recurrent", bends=True)
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
    range_ = bound
    start = use.get("hx")
    if use.set.get("blends") and isinstance(start, Tensor | Unknown):  # what it was given fades, and may be large
        range_ = bound.hull(tensor(use.machine, start).range)
    shape = use.set.get("gives", "pair")
    if shape in ("asked", "stepped"):
        return _as_asked(use, x, bound)
    given = [each for each in (start.known if isinstance(start, Sequence) else (start,)) if isinstance(each, Tensor)]
    output = make(use, x, *given, range=range_, reach=bound)
    state = make(use, x, *given, range=range_, reach=bound)
    if shape == "cell":
        return output
    memory = make(use, x, *given, range=ANY, reach=ANY)
    if shape == "states":
        return Sequence((output, memory))
    if shape == "lstm":
        return Sequence((output, Sequence((state, memory))))
    return Sequence((output, state))


def _as_asked(use: Use, x: Tensor, bound: Interval) -> Value:
    """A layer that gives its last output or all of them, and its states if it is asked to."""
    last = use.constant("last")
    units = None if last is None else int(last)
    nonlinearity, every = use.get("nonlinearity"), use.get("return_sequences")
    reach: Interval | None = bound
    if not isinstance(nonlinearity, Text) or nonlinearity.value not in ("tanh", "relu"):
        bound, reach = ANY, None
    shape: Shape = (..., units)
    if use.set["gives"] == "asked" and isinstance(every, Flag | None) and not (every and every.truth):
        shape = (None, units)
    output = make(use, x, range=bound, reach=reach, shape=shape)
    states = [make(use, x, shape=(None, units)) for _ in range(int(use.set.get("states", 1)))]
    if use.set["gives"] == "stepped":
        return Sequence((output, Sequence(tuple(states), kind="list")))
    asked = use.get("return_state")
    if isinstance(asked, Flag) and asked.truth:
        return Sequence((output, *states), kind="list")
    return output if isinstance(asked, Flag | None) else use.machine.unknown("states that may be asked for", use.place)


@primitive("attention", bends=True)
def attention(use: Use) -> Value:
    asked = use.set.get("asks")
    wanted = use.get(asked) if asked is not None else None
    if asked is not None and not (isinstance(wanted, Flag) and wanted.truth):
        return make(use, *_inputs(use), range=ANY, reach=ANY, shape=use.x.shape)
    weights = make(use, *_inputs(use), range=UNIT)
    return Sequence((make(use, *_inputs(use), range=ANY, reach=ANY), weights))


@primitive("pool")
def pool(use: Use) -> Value:
    """Extremes and averages of neighbours, among them zeros where averages go over the border."""
    x = use.x
    range_ = x.range
    if use.set.get("zeros") and use.constant("padding") != 0:
        range_ = range_.hull(intervals.point(0.0))
    mode = use.get("mode")
    if isinstance(mode, Text) and mode.value == "bicubic" and range_ != ANY:
        range_ = ANY  # it swings over
    keeps = tuple(KEEP_ALL) if range_ == x.range else tuple(name for name in KEEP_ALL if name != "range")
    result = make(use, x, range=range_, reach=x.reach, content=x.content, axis=x.axis, shape=_pooled(use), keeps=keeps)
    result = evolve(result, scale=x.scale) if x.scale is not None else result
    indices = use.get("return_indices")
    if use.set.get("pairs") or (isinstance(indices, Flag) and indices.truth):
        return Sequence((result, use.machine.unknown("indices", use.place)))
    return result


def _pooled(use: Use) -> Shape | None:
    kind, last = use.set.get("spatial"), shapes.length(use.x.shape, -1)
    if kind is None or _channels_first(use):
        return None
    kept = use.get("keepdims")
    if kind == "all" and isinstance(kept, Flag | None) and not (kept and kept.truth):
        return (None, last)
    return shapes.spatial(use.x.shape, last, _window(use, "window"))


def _window(use: Use, name: str) -> shapes.Window | None:
    """The window of a convolution or a pooling; None where something of it is not known."""
    sizes = _whole(use, name)
    steps = sizes if name == "window" and isinstance(use.get("strides"), Nothing | None) else _whole(use, "strides")
    dilation = use.get("dilation_rate")
    padding = use.get("padding")
    if sizes is None or steps is None or not isinstance(padding, Text) or padding.value not in ("valid", "same"):
        return None
    if dilation is not None and set(_whole(use, "dilation_rate") or ()) != {1}:
        return None
    return shapes.Window(sizes, steps, padding.value == "same")


def _whole(use: Use, role: str) -> tuple[int, ...] | None:
    """A whole number for all axes, or one for each."""
    value = use.get(role)
    items = (
        (value,)
        if isinstance(value, Number)
        else getattr(containers.items_of(use.machine, value), "head", ())
        if value
        else ()
    )
    sizes = tuple(each.value for each in items if isinstance(each, Number) and isinstance(each.value, int))
    return sizes if sizes and len(sizes) == len(items) else None


@primitive("norm")
def norm(use: Use) -> Value:
    """Standardised activations, scaled and shifted: any number on either side of zero."""
    x = use.x
    if use.machine.facts.fed:
        feeding.levelled(use.machine, x)
    plain = use.set.get("centred") is False and isinstance(use.get("weight"), Nothing)
    if plain and x.reach != ANY:  # only scaled
        return make(use, x, range=NON_NEGATIVE if x.range.lo >= 0 else ANY, shape=x.shape)
    return make(use, x, range=ANY, reach=ANY, shape=x.shape)


@primitive("unit_norm", bends=True)
def unit_norm(use: Use) -> Value:
    """Vectors of length one; divided by their sum, numbers that are not negative become probabilities."""
    x = use.x
    if x.range.lo < 0:
        return make(use, x, range=SIGNED_UNIT, shape=x.shape)
    content, axis = ("probabilities", use.axis()) if use.constant("p") == 1 else ("", None)
    result = make(use, x, range=UNIT, content=content, axis=axis, shape=x.shape)
    if content:
        note_normalised(use, result, x)
    return result


@primitive("embedding")
def embedding(use: Use) -> Value:
    """Rows of a trained table."""
    last = use.constant("last")
    shape = shapes.with_more(use.x.shape, int(last)) if last is not None else None
    return make(use, *_inputs(use), range=ANY, reach=ANY, shape=shape)


def _inputs(use: Use) -> list[Tensor]:
    """Every tensor among the arguments; the first argument where none was followed."""
    return use.tensors() or [use.x]


@primitive("table", bends=True)
def table(use: Use) -> Value:
    """Rows of a given table, one by one or several added up or averaged."""
    weight = use.get("weight")
    if not isinstance(weight, Tensor):
        return make(use, *use.tensors())
    range_ = weight.range
    if use.set.get("sums") and range_ != ANY:
        mode = use.get("mode")
        averaged = isinstance(mode, Text) and mode.value in ("mean", "max")
        range_ = range_.hull(intervals.point(0.0)) if averaged else ANY  # an empty bag gives zero
    return make(use, weight, range=range_, reach=weight.reach if weight.reach == ANY else None)


@primitive("overlapped")
def overlapped(use: Use) -> Value:
    """Blocks put side by side, added up where they overlap."""
    x = use.x
    range_ = Interval(-INFINITY if x.range.lo < 0 else 0.0, INFINITY if x.range.hi > 0 else 0.0)
    return make(use, x, range=range_, reach=x.reach if x.reach in (ANY, NON_NEGATIVE) else None)


@primitive("sampled")
def sampled(use: Use) -> Value:
    """Values between neighbours, and zeros beyond the border."""
    mode = use.get("mode")
    if not isinstance(mode, Text) or mode.value not in ("bilinear", "nearest"):
        return make(use, *use.tensors())
    x = use.x
    return make(use, x, *(each for each in use.tensors() if each is not x), range=x.range.hull(intervals.point(0.0)))


@primitive("mixing")
def mixing(use: Use) -> Value:
    """Averages of one input with weights that the others decide."""
    mixed = tensor(use.machine, use.get("mixed"))
    others = [each for each in use.tensors() if each is not mixed]
    p = use.constant("dropout_p")
    range_ = mixed.range
    if p != 0:
        scale = 1.0 / (1.0 - p) if p is not None and 0 < p < 1 else INFINITY
        range_ = intervals.multiply(range_, Interval(0.0, scale))
    return make(use, mixed, *others, range=range_, reach=mixed.reach if mixed.reach == ANY else None)


@primitive("called")
def called(use: Use) -> Value:
    """A function that calls the function it is given: checkpointing, functional calls."""
    args = use.get("args")
    if isinstance(args, Nothing | None):
        given = Sequence()
    elif isinstance(args, Tensor | Unknown):
        given = Sequence((args,))
    else:
        given = containers.items_of(use.machine, args) or Sequence()
    function = use.bound.get(use.first) or use.machine.nothing
    return use.machine.call(function, arguments(*given.known), use.place)


@primitive("parts")
def parts(use: Use) -> Value:
    """Several results of which only the ranges are known; ``same`` is the range of what went in."""
    inputs = use.tensors()
    results = []
    for each in use.set["ranges"]:
        range_ = use.x.range if each == "same" else Interval(float(each[0]), float(each[1]))
        results.append(make(use, *inputs, range=range_))
    return Sequence(tuple(results))
