"""Layers with and without weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers
from trainlint.semantics.intervals import ANY, NON_NEGATIVE, UNIT, Interval
from trainlint.semantics.machine import arguments
from trainlint.semantics.primitives.base import (
    KEEP_ALL,
    Use,
    make,
    primitive,
    tensor,
)
from trainlint.semantics.values import (
    Flag,
    Sequence,
    Text,
    Value,
)

if TYPE_CHECKING:
    pass

SIGNED_UNIT = Interval(-1.0, 1.0)


@primitive("affine")
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


@primitive("opaque")
def opaque(use: Use) -> Value:
    """A layer of which only its being a layer is known."""
    return make(use, *use.tensors())


@primitive("recurrent")
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


@primitive("attention")
def attention(use: Use) -> Value:
    weights = make(use, *use.tensors(), range=UNIT)
    return Sequence((make(use, *use.tensors(), range=ANY, reach=ANY), weights))


@primitive("pool")
def pool(use: Use) -> Value:
    x = use.x
    result = make(use, x, range=x.range, reach=x.reach, content=x.content, axis=x.axis, keeps=tuple(KEEP_ALL))
    indices = use.get("return_indices")
    if isinstance(indices, Flag) and indices.truth:
        return Sequence((result, use.machine.unknown("indices", use.place)))
    return result


@primitive("norm")
def norm(use: Use) -> Value:
    """Standardised activations, scaled and shifted: any number on either side of zero."""
    x = use.x
    return make(use, x, range=ANY, reach=ANY, shape=x.shape)


@primitive("unit_norm")
def unit_norm(use: Use) -> Value:
    """Vectors of length one."""
    x = use.x
    return make(use, x, range=UNIT if x.range.lo >= 0 else SIGNED_UNIT, shape=x.shape)


@primitive("embedding")
def embedding(use: Use) -> Value:
    """Rows of a trained table."""
    return make(use, *use.tensors(), range=ANY, reach=ANY)


@primitive("mixing")
def mixing(use: Use) -> Value:
    """Averages of one input with weights that the others decide."""
    mixed = tensor(use.machine, use.get("mixed"))
    others = [each for each in use.tensors() if each is not mixed]
    return make(use, mixed, *others, range=mixed.range, reach=mixed.reach if mixed.reach == ANY else None)


@primitive("called")
def called(use: Use) -> Value:
    """A function that calls the function it is given: checkpointing."""
    given = containers.items_of(use.machine, use.bound.get("args") or Sequence())
    function = use.bound.get(use.first) or use.machine.nothing
    return use.machine.call(function, arguments(*(given.known if given is not None else ())), use.place)
