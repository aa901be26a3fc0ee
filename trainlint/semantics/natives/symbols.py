"""What the stubs of symbolic graphs and chains of layers ask: inputs that stand for data, and the way from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.semantics import containers
from trainlint.semantics.evidence import visible
from trainlint.semantics.graphs import INPUT, OUTPUT, replay, tensors
from trainlint.semantics.heap import ITEMS
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import Arguments, arguments
from trainlint.semantics.natives.networks import children, keep_children
from trainlint.semantics.natives.registry import first_of, items_or_unknown, native, nth, parts, sizes
from trainlint.semantics.primitives.base import UNTRACKED, tensor
from trainlint.semantics.primitives.sources import is_stored
from trainlint.semantics.shapes import Shape
from trainlint.semantics.values import (
    Flag,
    Node,
    Object,
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

INPUTS, OUTPUTS, NAMES = "@inputs", "@outputs", "@names"  # in the record of a model: the ends of its graph
DECLARED = "@declared"  # and of a chain of layers: what it was told goes in


@native("trainlint.symbolic")
def _symbolic(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``symbolic(shape, name)``: a batch of inputs that nothing is known of, but the form of each."""
    form, name = sizes(machine, first_of(machine, given)), nth(machine, given, 1)
    made = Tensor(
        shape=None if form is None else (None, *form),
        number=machine.fresh(),
        origin=Node(
            "input",
            visible(place, machine.activation.site),
            label=name.text or "" if isinstance(name, Text) else "",
        ),
    )
    machine.graph.begin(made)
    return made


@native("trainlint.is_symbolic")
def _is_symbolic(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Flag(machine.graph.find(first_of(machine, given)) is not None)


@native("trainlint.connect")
def _connect(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``connect(model, inputs, outputs)``: the model is all that was applied between its inputs and its outputs."""
    model, graph = first_of(machine, given), machine.graph
    inputs, outputs = (nth(machine, given, index) or machine.nothing for index in (1, 2))
    if not isinstance(model, Object):
        return machine.nothing
    layers: dict[ObjectId, Value] = {}
    ends = list(graph.nodes(machine, outputs))
    for node in graph.before(ends):
        layer = graph.applied[node].layer
        if layer is not None:
            layers.setdefault(layer.id, layer)
    heap = machine.heap
    heap.set(model.id, INPUTS, Sequence(tuple(each for each in tensors(machine, inputs))))
    heap.set(model.id, OUTPUTS, outputs)
    names = [graph.applied[node].layer for node in ends]
    heap.set(model.id, NAMES, Sequence(tuple(_name(machine, each) for each in names)))
    keep_children(machine, model, Sequence(tuple(layers.values())))
    for name, value in (("input", inputs), ("output", outputs)):
        heap.set(model.id, name, value)
        each = value if containers.is_list(value) else containers.new_list(machine, Sequence((value,)), place)
        heap.set(model.id, name + "s", each)
    return machine.nothing


def _name(machine: Machine, layer: Object | None) -> Value:
    name = None if layer is None else machine.heap.get(layer.id, "name")
    return name if isinstance(name, Text) else machine.nothing


@native("trainlint.is_connected")
def _is_connected(machine: Machine, given: Arguments, place: Place | None) -> Value:
    model = first_of(machine, given)
    return Flag(isinstance(model, Object) and machine.heap.get(model.id, OUTPUTS) is not None)


@native("trainlint.replay")
def _replay(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``replay(model, inputs)``: what the graph of a model gives for data."""
    model, data = first_of(machine, given), nth(machine, given, 1) or machine.nothing
    assert isinstance(model, Object)
    inputs, outputs = machine.heap.get(model.id, INPUTS), machine.heap.get(model.id, OUTPUTS)
    assert isinstance(inputs, Sequence) and outputs is not None
    replaced: dict[Node, Value] = {}
    for symbolic, each in _fed(machine, inputs.head, data):
        node = machine.graph.find(symbolic)
        if isinstance(each, Unknown) and is_stored(each):
            each = tensor(machine, each)
        if node is not None and isinstance(each, Tensor) and machine.graph.find(each) is not node:
            assert isinstance(symbolic, Tensor)
            replaced[node] = evolve(each, shape=_shape_of(each, symbolic))
    return replay(machine, outputs, replaced) if replaced else outputs


def _shape_of(data: Tensor, symbolic: Tensor) -> Shape | None:
    """The form in which data goes in: a single number for each sample is a column."""
    if data.shape is None or (len(data.shape) == 1 and (symbolic.shape or ())[1:] == (1,)):
        return symbolic.shape
    return data.shape


def _fed(machine: Machine, inputs: tuple[Value, ...], data: Value) -> Iterator[tuple[Value, Value]]:
    """Each input with its data: by name or by position."""
    given_parts = parts(machine, data)
    if given_parts is None:
        yield from zip(inputs[:1], (data,), strict=True) if len(inputs) == 1 else ()
        return
    for index, each in enumerate(inputs):
        node = machine.graph.find(each)
        found = given_parts.get("" if node is None else node.label, given_parts.get(index))
        if found is not None:
            yield each, found


@native("trainlint.set_layers")
def _set_layers(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``set_layers(model, items)``: the layers of a chain; a symbolic tensor among them only says what goes in."""
    model, items = first_of(machine, given), nth(machine, given, 1) or machine.nothing
    sequence = items_or_unknown(machine, items, place)
    if isinstance(model, Object):
        first = sequence.head[0] if sequence.head else None
        if isinstance(first, Tensor):
            machine.heap.set(model.id, DECLARED, first)
            sequence = evolve(sequence, head=sequence.head[1:])
        keep_children(machine, model, sequence)
    return machine.nothing


@native("trainlint.is_known_chain")
def _is_known_chain(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Flag(_chain(machine, first_of(machine, given)) is not None)


@native("trainlint.in_turn")
def _in_turn(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``in_turn(model, inputs)``: each layer of a chain called with what the one before gave."""
    value = nth(machine, given, 1) or machine.nothing
    for layer in _chain(machine, first_of(machine, given)) or ():
        value = machine.narrow(machine.call(layer, arguments(value), place))
    return value


def _chain(machine: Machine, model: Value) -> tuple[Value, ...] | None:
    """The layers of a chain, if all of them are known."""
    held = machine.heap.get(model.id, ITEMS) if isinstance(model, Object) else None
    return held.head if isinstance(held, Sequence) and held.exact else None


@native("trainlint.declared_input")
def _declared_input(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """What stands for data in a chain of layers."""
    model = first_of(machine, given)
    held = machine.heap.get(model.id, DECLARED) if isinstance(model, Object) else None
    if held is not None:
        return held
    made = Tensor(shape=_declared(machine, model), number=machine.fresh(), origin=Node("input", place))
    machine.graph.begin(made)
    return made


@native("trainlint.shaped")
def _shaped(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``shaped(model, inputs)``: the inputs in the form that the first layer was told of."""
    model, value = first_of(machine, given), nth(machine, given, 1) or machine.nothing
    if not isinstance(value, Tensor | Unknown) or (isinstance(value, Tensor) and value.shape is not None):
        return value
    shape = _declared(machine, model)
    if isinstance(value, Tensor):
        return value if shape is None else evolve(value, shape=shape)
    return Tensor(shape=shape, number=machine.fresh(), origin=Node(UNTRACKED, None, (value,), {"why": 0}))


def _declared(machine: Machine, model: Value) -> Shape | None:
    """The shape of the input that a chain of layers begins with."""
    if not isinstance(model, Object):
        return None
    held = machine.heap.get(model.id, DECLARED)
    if isinstance(held, Tensor):
        return held.shape
    first = children(machine, model)[:1]
    if not first:
        return None
    record = machine.heap.record(first[0][1].id)
    if (form := sizes(machine, record.get("batch_input_shape", machine.nothing))) is not None:
        return form
    for name in ("input_shape", "input_dim"):
        if (form := sizes(machine, record.get(name, machine.nothing))) is not None:
            return (None, *form)
    return _declared(machine, first[0][1])


@native("trainlint.last_input")
def _last_input(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return _last(machine, first_of(machine, given), INPUT, place)


@native("trainlint.last_output")
def _last_output(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return _last(machine, first_of(machine, given), OUTPUT, place)


def _last(machine: Machine, layer: Value, slot: str, place: Place | None) -> Value:
    held = machine.heap.get(layer.id, slot) if isinstance(layer, Object) else None
    return machine.unknown("a layer that was not called in a graph", place) if held is None else held
