"""What the stubs of models that are compiled and fitted ask: layers built late, losses and optimizers by string."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.semantics import arithmetic, containers, measures, optimizers, recording
from trainlint.semantics.evidence import is_hidden, visible
from trainlint.semantics.facts import UNRECORDED, StepTaken, Told
from trainlint.semantics.heap import GRADIENT, LEAF
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import Arguments, Given, Later, arguments
from trainlint.semantics.natives.registry import first_of, native, nth, parts, sizes
from trainlint.semantics.natives.symbols import NAMES
from trainlint.semantics.primitives.sources import trainable
from trainlint.semantics.values import (
    Bound,
    Choice,
    Class,
    Condition,
    Flag,
    Function,
    Library,
    Node,
    Nothing,
    Number,
    Object,
    ObjectId,
    Parameters,
    Place,
    Sequence,
    Site,
    Tensor,
    Text,
    Unknown,
    Value,
    options,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

TRAINING = "training"
MASK = "mask"
_DEEPEST = 4
BUILT = "@built"
STOPPED = "@stopped"  # in the record of a tape: when it stopped
_MOST_SUMMED = 200  # steps of the history of gradients
_ADDED = frozenset({"sum", "items", "one", "item", "part", "index", "untracked", "return", "same", "given"})
_HANDED_ON = frozenset({"return", "same", "given"})


# Layers ---------------------------------------------------------------------------------------------------------------


@native("trainlint.run_layer")
def _run_layer(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``run_layer(self, *args, **kwargs)``: build the layer at its first call, then do its ``call``.

    A ``call`` that asks whether it is training is told so: by the caller, or by what the caller was told itself.
    """
    layer = first_of(machine, given)
    given = evolve(given, positional=given.positional[1:])
    _build(machine, layer, given, place)
    work = machine.attribute(layer, "call", place)
    told = given.keyword(TRAINING)
    asks = _takes(work, TRAINING)
    if told is not None and not asks:
        given = evolve(given, keywords=tuple(each for each in given.keywords if each[0] != TRAINING))
    elif told is None and asks and machine.phase is not None:
        given = evolve(given, keywords=(*given.keywords, (TRAINING, Given(machine.phase))))
    if given.keyword(MASK) is None and _position(work, MASK) > len(given.positional):
        mask = machine.unknown("the mask that comes with the input, if one does", place)
        given = evolve(given, keywords=(*given.keywords, (MASK, Given(mask))))
    before = machine.phase
    machine.phase = before if told is None or isinstance(told, Nothing) else told
    try:
        return machine.call(work, given, place)
    finally:
        machine.phase = before


def _build(machine: Machine, layer: Value, given: Arguments, place: Place | None) -> None:
    if not isinstance(layer, Object) or machine.heap.get(layer.id, BUILT) is not None:
        return
    machine.heap.set(layer.id, BUILT, Flag(True))
    build = machine.attribute(layer, "build", place)
    if isinstance(build, Bound) and isinstance(build.function, Function):
        first = next(given.values(), machine.nothing)
        machine.call(build, arguments(_shape_of(machine, first, place)), place)


def _shape_of(machine: Machine, value: Value, place: Place | None) -> Value:
    if isinstance(value, Tensor):
        return machine.attribute(value, "shape", place)
    items = containers.items_of(machine, value) if isinstance(value, Sequence) or containers.is_list(value) else None
    if items is not None and items.exact:
        return Sequence(tuple(_shape_of(machine, each, place) for each in items.head))
    return machine.unknown("the shape of what was not followed", place)


def _position(work: Value, name: str) -> int:
    """Which argument of a call the parameter of that name is, from 1 on; 0 if there is none."""
    function = work.function if isinstance(work, Bound) else work
    if not isinstance(function, Function):
        return 0
    names = [each.name for each in function.source.parameters]
    return names.index(name) + (not isinstance(work, Bound)) if name in names else 0


def _takes(work: Value, name: str) -> bool:
    """Whether a function has a parameter of that name, or takes any."""
    function = work.function if isinstance(work, Bound) else work
    if not isinstance(function, Function):
        return False
    return any(each.name == name or each.kind == "mapping" for each in function.source.parameters)


@native("trainlint.takes_two")
def _takes_two(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Whether a method of the project has two arguments that must be given."""
    method = first_of(machine, given)
    function = method.function if isinstance(method, Bound) else method
    if not isinstance(function, Function):
        return Flag(False)
    given_by_default = {name for name, _ in function.defaults}
    asked = [each for each in function.source.parameters if each.kind in ("positional", "either")]
    return Flag(sum(each.name not in given_by_default for each in asked) > 2)


@native("trainlint.weight")
def _weight(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``weight(shape, trainable)``: a tensor that a layer made for itself."""
    shape, asked = nth(machine, given, 0) or machine.nothing, nth(machine, given, 1)
    made = Tensor(shape=sizes(machine, shape), number=machine.fresh(), buffer=machine.fresh())
    if isinstance(asked, Flag) and asked.truth is False:
        return evolve(made, origin=Node("weight", place))
    return trainable(machine, made, visible(place, machine.activation.site), "add_weight")


# Compiling and fitting ------------------------------------------------------------------------------------------------


@native("trainlint.written")
def _written(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``written(name)``: where the caller of the function that asks wrote the argument; kept as an origin."""
    name, activation = first_of(machine, given), machine.activation
    at = visible(place, activation.site)
    if isinstance(name, Text) and activation.given is not None and activation.function is not None:
        at = _place_of(activation.given, activation.function, name.text or "") or at
    return evolve(machine.nothing, origin=Node("argument", at))


def _place_of(given: Arguments, function: Function, name: str) -> Place | None:
    for keyword, each in given.keywords:
        if keyword == name:
            return each.place
    for parameter, each in zip(function.source.parameters, given.positional, strict=False):
        if parameter.name == name:
            return each.place
    return None


@native("trainlint.by_name")
def _by_name(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``by_name(kind, value, written)``: what a string or a class that was given instead of an object stands for."""
    kind, value, at = first_of(machine, given), nth(machine, given, 1) or machine.nothing, _place(machine, given, 2)
    assert isinstance(kind, Text) and kind.text is not None
    return machine.split(value, lambda one: _named(machine, kind.text or "", one, at))


def _named(machine: Machine, kind: str, value: Value, place: Place | None) -> Value:
    if isinstance(value, Text):
        name = machine.knowledge.by_string(kind, value.value or "")
        if name is None:
            return machine.unknown(f"the {kind} {value.value or ''} is not known", place, value)
        value = machine.program.library(machine, name)
    entry = machine.knowledge.get(value.name) if isinstance(value, Library) else None
    if entry is not None and entry.kind == kind and (kind == "optimizer" or entry.call is not None):
        return machine.call(value, Arguments(), place)
    return value


def _place(machine: Machine, given: Arguments, index: int) -> Place | None:
    token = nth(machine, given, index)
    return None if token is None or token.origin is None else token.origin.place


@native("trainlint.meet")
def _meet(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``meet(losses, targets, predictions, written, model)``: the sum of all losses that a model was compiled with."""
    loss, targets, predictions = (nth(machine, given, index) or machine.nothing for index in range(3))
    at = _place(machine, given, 3)
    model = nth(machine, given, 4)
    held = machine.heap.get(model.id, NAMES) if isinstance(model, Object) else None
    known = held.head if isinstance(held, Sequence) else ()
    names = tuple(each.text if isinstance(each, Text) else None for each in known)
    total: Value | None = None
    for each, target, prediction, where in _pairs(machine, (loss, targets, predictions), names, at):
        value = _met(machine, each, target, prediction, where)
        if isinstance(value, Nothing):
            continue
        total = value if total is None or place is None else arithmetic.binary(machine, "+", total, value, place)
    return machine.nothing if total is None else total


def _pairs(
    machine: Machine, values: tuple[Value, Value, Value], names: tuple[str | None, ...], place: Place | None
) -> Iterator[tuple[Value, Value, Value, Place | None]]:
    """Each output with its loss and its target: by position, by name, or one loss for all."""
    loss, targets, predictions = values
    outputs = parts(machine, predictions)
    if outputs is None:
        yield _only(machine, loss), _only(machine, targets), predictions, place
        return
    losses, wanted = parts(machine, loss), parts(machine, targets)
    for key, output in outputs.items():
        name = key if isinstance(key, str) else names[key] if key < len(names) else None
        each = loss if losses is None else losses.get(key, losses.get(name or ""))
        target = None if wanted is None else wanted.get(key, wanted.get(name or ""))
        at = place
        if isinstance(loss, Object) and name is not None:
            at = machine.item_places.get((loss.id, name), place)
        if each is not None:
            yield each, target or machine.unknown("a target that was not followed", place), output, at


def _only(machine: Machine, value: Value) -> Value:
    """The one item of a list or dictionary of one."""
    held = parts(machine, value)
    return next(iter(held.values())) if held is not None and len(held) == 1 else value


def _met(machine: Machine, loss: Value, target: Value, prediction: Value, place: Place | None) -> Value:
    if isinstance(loss, Choice):
        return machine.split(loss, lambda one: _met(machine, one, target, prediction, place))
    if isinstance(loss, Nothing):
        return loss
    loss = _named(machine, "loss", loss, place)
    return machine.call(loss, Arguments((Given(target), Given(prediction, place))), place)


@native("trainlint.stepped")
def _stepped(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``stepped(optimizer, what, all)``: the optimizer moves the weights that a loss reaches, or those in parameters.

    ``all`` are those that it is to move.
    """
    optimizer, what = first_of(machine, given), nth(machine, given, 1) or machine.nothing
    owners = _owners(machine, what)
    wanted = _owners(machine, nth(machine, given, 2) or machine.nothing) or owners
    at = visible(place, machine.activation.site)
    for _, each in options(optimizer):
        if isinstance(each, Object):
            machine.facts.trained[each.id] = machine.facts.trained.get(each.id, frozenset()) | owners
            if at is not None:
                machine.facts.told.append(Told(each, wanted, at, *_where(machine)))
    if _is_changed(machine, what, 0):
        machine.facts.guards.add("changed gradients")
    decays = measures.decays(machine, optimizer)
    machine.facts.steps.append(StepTaken(optimizer, machine.activation.site, machine.facts.tick(), decays))
    moved = [option for _, option in options(optimizer)]
    recording.stepped(machine, moved, place, summed=_summed(machine, what))
    return machine.nothing


def _summed(machine: Machine, what: Value) -> tuple[Site, ...]:
    """Where the gradients were derived that are added up in a value, and nothing else was done to them."""
    pending, seen, sites = [what], set[Node](), list[Site]()
    while pending and len(seen) < _MOST_SUMMED:
        value = pending.pop()
        node = value.origin
        items = containers.items_of(machine, value) if containers.is_list(value) else None
        held = _inner(machine, value) if items is None else items.known
        pending += map(machine.narrow, held)  # tensors as they are now
        if node is None or node in seen or not isinstance(value, Tensor | Unknown):
            continue
        seen.add(node)
        if node in machine.derivations:
            sites.append(machine.derivations[node])
        elif node.op in _ADDED:
            pending += node.inputs
    return tuple(sites)


def _where(machine: Machine) -> tuple[Site, tuple[Condition, ...], Place | None, bool]:
    state = machine.now
    return machine.activation.site, state.conditions, machine.assumed, state.exceptional


def _owners(machine: Machine, value: Value) -> frozenset[ObjectId]:
    """The weights that are named in a value; where none is, those that the losses and gradients in it reach."""
    named, reached = set[ObjectId](), set[ObjectId]()
    pending = [(value, 0)]
    while pending:
        each, depth = pending.pop()
        if isinstance(each, Parameters):
            named |= each.owners
        elif isinstance(each, Tensor):
            leaf = each.origin is not None and each.origin.op == LEAF
            named |= each.live if leaf else frozenset()
            reached |= each.live
        elif isinstance(each, Unknown):
            derived = each.origin.inputs if each.origin is not None and each.origin.op == GRADIENT else ()
            reached = reached.union(*(one.live for one in derived if isinstance(one, Tensor)))
        elif depth < _DEEPEST:
            pending += ((inner, depth + 1) for inner in _inner(machine, each))
    return frozenset(named or reached)


def _inner(machine: Machine, value: Value) -> tuple[Value, ...]:
    if isinstance(value, Sequence):
        return value.known
    if isinstance(value, Choice):
        return tuple(each for _, each in value.options)
    held = parts(machine, value)
    return () if held is None else tuple(held.values())


def _is_changed(machine: Machine, value: Value, depth: int) -> bool:
    """Whether anything was done to gradients since they were derived, or could have been."""
    if isinstance(value, Unknown):
        return value.origin is None or value.origin.op != GRADIENT
    if isinstance(value, Parameters | Tensor | Nothing):
        return False
    held = parts(machine, value)
    inner = list(held.values()) if held is not None else []
    if isinstance(value, Sequence | Choice):
        inner = list(value.known) if isinstance(value, Sequence) else [each for _, each in value.options]
    return depth > _DEEPEST or any(_is_changed(machine, each, depth + 1) for each in inner)


@native("trainlint.derive")
def _derive(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``derive(loss, sources, tape)``: the gradient of a loss; it is an objective if the sources are weights.

    A loss that is computed after the tape has stopped has none. ``fitted=True`` says that the framework asks for it.
    """
    from trainlint.semantics.libraries import objective

    machine.facts.derived |= given.keyword("fitted") is None
    loss, sources = first_of(machine, given), nth(machine, given, 1) or machine.nothing
    leaves = _owners(machine, sources)
    tape = nth(machine, given, 2)
    stopped = machine.heap.get(tape.id, STOPPED) if isinstance(tape, Object) else None
    if place is not None and (leaves or isinstance(sources, Unknown)):
        for _, option in options(loss):
            recording.cleared(machine, option, place)  # gradients are values: those of earlier passes are not there
            objective(machine, option if stopped is None else _as_recorded(option, stopped), place)
    gradient = Node(GRADIENT, place, tuple(each for _, each in options(loss)))
    machine.derivations[gradient] = machine.activation.site
    one = Unknown(why="a gradient", origin=gradient)
    return Sequence(middle=one, kind="list", endless=True) if parts(machine, sources) != {} else one


@native("trainlint.recorded")
def _recorded(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``recorded(tape, on)``: a tape begins, or stops, to record what is computed."""
    tape, on = first_of(machine, given), nth(machine, given, 1)
    if isinstance(tape, Object):
        if isinstance(on, Flag) and on.truth:
            machine.heap.remove(tape.id, STOPPED)
        else:
            machine.heap.set(tape.id, STOPPED, evolve(machine.nothing, origin=Node("stopped", place)))
    return machine.nothing


def _as_recorded(loss: Value, stopped: Value) -> Value:
    """A loss as a tape knows it: what was computed after it stopped has no gradient."""
    node = loss.origin
    while node is not None and node.op in _HANDED_ON and node.inputs:
        node = node.inputs[0].origin
    if not isinstance(loss, Tensor) or node is None or stopped.origin is None or node.born < stopped.origin.born:
        return loss
    return evolve(loss, live=frozenset(), cut=loss.live | loss.cut, origin=Node(UNRECORDED, node.place, (loss,)))


# Rates ----------------------------------------------------------------------------------------------------------------


@native("trainlint.write_rate")
def _write_rate(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``write_rate(optimizer, rate)``: the optimizer has another rate from now on."""
    optimizer, rate = first_of(machine, given), nth(machine, given, 1) or machine.nothing
    if isinstance(optimizer, Object):
        optimizers.write(machine, optimizer, rate, visible(place, machine.activation.site))
    return machine.nothing


@native("float.assign", "keras.backend.set_value")
def _assign(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """A variable is given another value; it is followed where it is the rate of an optimizer."""
    variable, value = first_of(machine, given), nth(machine, given, 1, "value") or machine.nothing
    optimizer = optimizers.owner_of(variable)
    if optimizer is not None:
        optimizers.write(machine, optimizer, value, visible(place, machine.activation.site))
    return machine.nothing


@native("keras.backend.get_value", "keras.backend.eval", "float.numpy", "float.value", "float.read_value")
def _value_of(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return first_of(machine, given)


@native("trainlint.scheduled_by")
def _scheduled_by(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``scheduled_by(callbacks, optimizer, written, epochs)``: those that are schedules take over the rate."""
    callbacks, optimizer = first_of(machine, given), nth(machine, given, 1)
    at, epochs = _place(machine, given, 2), nth(machine, given, 3)
    turns = int(epochs.value) if isinstance(epochs, Number) and epochs.value is not None else None
    held = parts(machine, callbacks)
    for each in (callbacks,) if held is None else held.values():
        machine.facts.handed_over.append(each)
        for _, option in options(each):
            if isinstance(optimizer, Object) and at is not None and optimizers.schedule_of(machine, option) is not None:
                optimizers.take_up(machine, optimizer, option, at, at, turns)
    return machine.nothing


@native("trainlint.guarded_by")
def _guarded_by(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``guarded_by(callbacks)``: what is not known of callbacks could stand against overfitting."""
    callbacks = first_of(machine, given)
    held = parts(machine, callbacks)
    listed = [] if isinstance(callbacks, Nothing) else [callbacks] if held is None else list(held.values())
    for each in (option for value in listed for _, option in options(value)):
        if not isinstance(each, Object | Nothing):
            machine.facts.guards.add("a callback")
    return machine.nothing


@native("trainlint.own_callbacks")
def _own_callbacks(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """The callbacks that run code of the project: the other ones change nothing that is followed."""
    callbacks = first_of(machine, given)
    held = parts(machine, callbacks)
    listed = (callbacks,) if held is None else tuple(held.values())
    return Sequence(tuple(each for each in listed if _is_own(each)), kind="list")


@native("trainlint.is_own")
def _is_own_method(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Whether a method was written by the project."""
    method = first_of(machine, given)
    function = method.function if isinstance(method, Bound) else method
    return Flag(isinstance(function, Function) and not is_hidden(function.place))


def _is_own(value: Value) -> bool:
    return isinstance(value, Object) and isinstance(value.cls, Class)


# At the end -----------------------------------------------------------------------------------------------------------


@native("trainlint.later")
def _later(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``later(owner, function)``: call the function at the end, unless that becomes needless."""
    owner, function = first_of(machine, given), nth(machine, given, 1)
    if isinstance(owner, Object) and function is not None:
        machine.later[owner.id] = Later(function, machine.activation, machine.now.conditions)
    return machine.nothing


@native("trainlint.needless")
def _needless(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``needless(owner)``: what was put off has been done otherwise, and others need not be tried at all."""
    owner = first_of(machine, given)
    machine.caught_up = True
    if isinstance(owner, Object):
        machine.later.pop(owner.id, None)
    return machine.nothing
