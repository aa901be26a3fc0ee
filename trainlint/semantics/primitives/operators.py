"""The operators as functions of libraries."""

from __future__ import annotations

from trainlint.semantics import arithmetic, containers
from trainlint.semantics.immutable import evolve
from trainlint.semantics.primitives import elementwise
from trainlint.semantics.primitives.base import PRIMITIVES, Use, primitive, tensor
from trainlint.semantics.values import Number, Place, Value, number


def _as_function(name: str, op: str) -> None:
    def run(use: Use) -> Value:
        machine, place = use.machine, use.place or Place("", 0, 0)
        other = use.get("other") or machine.nothing
        scale = use.get("alpha")
        if isinstance(scale, Number) and scale.exact != 1:
            other = arithmetic.binary(machine, "*", other, scale, place)
        return arithmetic.binary(machine, op, use.get(use.first) or machine.nothing, other, place)

    primitive(name)(run)


for _name, _op in (("add", "+"), ("subtract", "-"), ("multiply", "*"), ("divide", "/")):
    _as_function(_name, _op)


@primitive("interpolated")
def interpolated(use: Use) -> Value:
    """``start + weight · (end - start)``, which for weights from 0 to 1 lies in between."""
    machine, place = use.machine, use.place or Place("", 0, 0)
    start, end, weight = (use.get(role) or machine.nothing for role in (use.first, "end", "weight"))
    rest = arithmetic.binary(machine, "-", number(1), weight, place)
    return arithmetic.binary(
        machine,
        "+",
        arithmetic.binary(machine, "*", rest, start, place),
        arithmetic.binary(machine, "*", weight, end, place),
        place,
    )


@primitive("scaled_sum")
def scaled_sum(use: Use) -> Value:
    """The first plus a multiple of the product or quotient of two others."""
    machine, place = use.machine, use.place or Place("", 0, 0)
    first, one, other = (use.get(role) or machine.nothing for role in (use.first, "tensor1", "tensor2"))
    term = arithmetic.binary(machine, "/" if use.set.get("divides") else "*", one, other, place)
    scale = use.get("value")
    if scale is not None:
        term = arithmetic.binary(machine, "*", term, scale, place)
    return arithmetic.binary(machine, "+", first, term, place)


@primitive("reversed_difference")
def reversed_difference(use: Use) -> Value:
    """The second minus the first."""
    machine, place = use.machine, use.place or Place("", 0, 0)
    return arithmetic.binary(
        machine, "-", use.get("other") or machine.nothing, use.get(use.first) or machine.nothing, place
    )


@primitive("squared_difference", bends=True)
def squared_difference(use: Use) -> Value:
    """The square of what lies between two."""
    difference = tensor(use.machine, PRIMITIVES["subtract"](use))
    return elementwise.square(
        evolve(use, label="square", name="", op="square", bound={"input": difference}, first="input")
    )


@primitive("summed")
def summed(use: Use) -> Value:
    """The sum of the tensors in a list."""
    machine, place = use.machine, use.place or Place("", 0, 0)
    items = containers.items_of(machine, use.get(use.first) or machine.nothing)
    if items is None or not items.exact or not items.head:
        return machine.unknown("a sum of tensors that were not followed", place)
    total = items.head[0]
    for each in items.head[1:]:
        total = arithmetic.binary(machine, "+", total, each, place)
    return total
