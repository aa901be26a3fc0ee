"""Calls into libraries: arguments bound by knowledge, then a primitive, a loss, a construction or an effect."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from trainlint.semantics import (
    containers,
    contexts,
    dropouts,
    feeding,
    freezing,
    intervals,
    measures,
    natives,
    optimizers,
    recording,
)
from trainlint.semantics.classes import descends
from trainlint.semantics.facts import Entered, LayerMade, LossApplied, Objective, StepTaken
from trainlint.semantics.heap import LEAF
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import JUDGE, QUIET, Arguments, Given
from trainlint.semantics.primitives import PRIMITIVES, Use, data, make
from trainlint.semantics.primitives.sources import TRAINABLE, trainable
from trainlint.semantics.values import (
    COMPUTED,
    Bound,
    Choice,
    Class,
    Condition,
    Flag,
    Function,
    Library,
    Node,
    Nothing,
    Object,
    Partial,
    Place,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
    number,
    options,
)

if TYPE_CHECKING:
    from trainlint.knowledge.library import Entry, Loss
    from trainlint.semantics.machine import Machine

NETWORK = "trainlint.networks.Network"
LAST = "last"  # in place of a parameter: the last axis of the input
THEN = "@then"  # in the record of a layer: where it was told what follows
_CONSTRUCTED = ("layer", "transform", "optimizer", "schedule", "class", "context")
MOST_PAIRS = 12
_RESTRICTING = ("size_average", "reduce", "ignore_index", "ignore_class")
_SHORT = (
    ("torch.nn.functional.", "F."),
    ("torch.nn.", "nn."),
    ("torch.optim.", "optim."),
    ("keras.layers.", ""),
    ("keras.activations.", ""),
    ("keras.losses.", ""),
    ("keras.optimizers.", ""),
    ("keras.datasets.", ""),
    ("torchvision.", ""),
    ("trainlint.networks.Body", "the network"),
    ("trainlint.networks.own_loss", "the loss of the model"),
    ("sklearn.datasets.", ""),
)


def call(machine: Machine, name: str, given: Arguments, place: Place | None, written: str = "") -> Value:
    """Call a library function or class by its canonical name; messages have it as it is ``written``."""
    if machine.knowledge.is_random(name):
        measures.happened(machine, "drawn")
    native = natives.REGISTRY.get(name)
    if native is not None:
        return native(machine, given, place)
    scalar = natives.SCALAR.get(name)
    if scalar is not None and natives.is_scalar(given):
        return scalar(machine, given, place)
    entry = machine.knowledge.get(name)
    judge = entry is None and machine.knowledge.is_judge(name)
    if judge:
        recording.judged(machine, given.values())
    if entry is None and machine.knowledge.is_pure(name):
        machine.facts.plain += given.values() if judge else ()
        origin = Node(COMPUTED, place, tuple(given.values()), label=name)
        taint = frozenset({QUIET}) if machine.knowledge.is_quiet(name) else frozenset[str]()
        return Unknown(why=f"the result of {name} is not followed", origin=origin, taint=taint)
    if entry is None and machine.knowledge.is_quiet(name):
        taint = frozenset({QUIET, JUDGE} if judge else {QUIET})
        recording.shown(machine, given.values())
        return evolve(machine.unknown(f"the result of {name} is not followed", place), taint=taint)
    if entry is None:
        measures.strange(machine, None, given.values())
        recording.unfollowed(machine, None, given.values(), place)
        for value in given.values():
            containers.loosen(machine, value)
            if isinstance(value, Object) and (containers.is_list(value) or containers.is_dict(value)):
                containers.weaken(machine, value)
            elif isinstance(value, Object):
                machine.facts.given_away.add(value.id)
        made = machine.unknown(f"nothing is known of {name}", place, *given.values())
        return made if made.origin is None else evolve(made, origin=evolve(made.origin, label=name))
    if entry.kind == "decorator":
        return _decorated(machine, entry, name, given)
    if entry.kind in _CONSTRUCTED or (entry.kind == "loss" and entry.call is not None):
        return construct(machine, entry, name, given, place, written)
    bound = Binding(machine, entry, given, place)
    if entry.kind == "wrapper":
        measures.guarded(machine, entry, bound)
        return wrapped(machine, entry, bound)
    result = _run(machine, entry, bound, place, written)
    if machine.graph.applied:
        machine.graph.note_call(machine, Library(name), given, result, place)
    return result


def call_method(machine: Machine, name: str, receiver: Value, given: Arguments, place: Place | None) -> Value:
    """Call a method of a library class, a tensor, or a built-in type."""
    with_receiver = given.behind(receiver)
    native = natives.REGISTRY.get(name)
    if native is not None:
        return native(machine, with_receiver, place)
    owner, _, method = name.rpartition(".")
    entry = machine.knowledge.entries.get(owner)
    if entry is not None and isinstance(receiver, Object):
        if method == "__init__":
            bound = Binding(machine, entry, given, place)
            _set_attributes(machine, receiver, bound)
            _hold(machine, receiver, entry, place)
            settle(machine, receiver, entry, bound, place)
            return machine.nothing
        if method == "__call__" or (entry.family is not None and method == entry.family.method):
            return call_layer(machine, entry, receiver, given, place)
    found = machine.knowledge.get(name)
    if found is None:
        if isinstance(receiver, Object):
            recording.unfollowed(machine, None, with_receiver.values(), place)
        return machine.unknown(f"the method {method} is not followed", place, receiver)
    if name in machine.knowledge.entries:  # a function that is a method of tensors too
        return call(machine, name, with_receiver, place)
    bound = Binding(machine, found, given, place)
    bound.values["self"] = receiver
    return _run(machine, found, bound, place)


class Binding:
    """The arguments of a library call by parameter name, with defaults from the knowledge."""

    def __init__(self, machine: Machine, entry: Entry, given: Arguments, place: Place | None) -> None:
        self.values: dict[str, Value] = {}
        self.places: dict[str, Place] = {}
        self.given: set[str] = set()
        positional, at = given.positional, 0
        parameters = entry.parameters if entry.parameters is not None else (("input", None),)
        keywords = {entry.renamed.get(name, name): each for name, each in given.keywords} if given.keywords else {}
        for name, default in parameters:
            if name.startswith("*"):
                rest = positional[at:]
                self.values[name[1:]] = Sequence(tuple([each.value for each in rest]))
                if rest and rest[0].place is not None:
                    self.places[name[1:]] = rest[0].place
                at = len(positional)
                continue
            if at < len(positional):
                found = positional[at]
                at += 1
            elif keywords and name in keywords:
                found = keywords.pop(name)
            else:
                if name in entry.required or given.open:
                    self.values[name] = machine.unknown(f"the argument {name} is not given", place)
                else:
                    self.values[name] = literal(machine, default)
                continue
            if isinstance(found.value, Sequence) and found.value.kind == "spread":
                found = Given(machine.unknown("an argument from a sequence of unknown length", place), found.place)
            self.values[name] = found.value
            self.given.add(name)
            if found.place is not None:
                self.places[name] = found.place
        for name, extra in keywords.items():
            self.values[name] = extra.value
            self.given.add(name)
            if extra.place is not None:
                self.places[name] = extra.place


def literal(machine: Machine, value: Any) -> Value:
    """A YAML constant as a value."""
    if value is None:
        return machine.nothing
    if isinstance(value, list):
        return Sequence(tuple(literal(machine, item) for item in value))
    return _literal(value)


@lru_cache(maxsize=1_000, typed=True)
def _literal(value: float | int | str) -> Value:
    if isinstance(value, bool):
        return Flag(value)
    return number(value) if isinstance(value, int | float) else Text(str(value))


# Functions ------------------------------------------------------------------------------------------------------------


def _run(machine: Machine, entry: Entry, bound: Binding, place: Place | None, written: str = "") -> Value:
    shown = short(written or entry.name)
    if (entry.drops or entry.keeps) and place is not None:
        dropouts.called(machine, entry, bound, place)
    if entry.guards:
        measures.guarded(machine, entry, bound)
    handed_back = None if entry.effect is None else effect(machine, entry.effect, bound, place)
    if entry.loss is not None:
        return apply_loss(machine, entry, bound, place, written)
    operation = entry.operation
    if operation is None:
        return handed_back or machine.unknown(f"the result of {shown} is not followed", place)
    first = entry.parameters[0][0].lstrip("*") if entry.parameters else "input"
    use = Use(machine, shown, bound.values, place, entry.set, entry.roles, None, first, operation.op, entry.name)
    result = primitive(machine, use)
    asked = bound.values.get(TRAINABLE)
    if isinstance(asked, Flag) and asked.truth and isinstance(result, Tensor) and operation.op != LEAF:
        result = trainable(machine, result, place, shown)
    library = entry.set.get("library", machine.knowledge.arrays(entry.name))
    if library is not None:
        result = _of_library(machine, result, library)
    return _in_place(machine, entry, bound.values, bound.values.get(first), result)


def _of_library(machine: Machine, result: Value, library: str) -> Value:
    """A result of a function as a tensor of its library, whatever kind of tensors it was given."""
    if isinstance(result, Sequence):
        return evolve(
            result,
            head=tuple(_of_library(machine, each, library) for each in result.head),
            middle=None if result.middle is None else _of_library(machine, result.middle, library),
        )
    if not isinstance(result, Tensor):
        return result
    if result.library != library:
        held = machine.heap.get(machine.buffers, str(result.buffer))
        result = evolve(result, library=library)
        if isinstance(held, Tensor):  # what is changed in place is what the buffer holds
            machine.heap.set(machine.buffers, str(result.buffer), evolve(held, library=library))
    if result.live and machine.knowledge.is_plain(library):
        result = evolve(result, live=frozenset(), cut=result.live | result.cut)
    return result


def primitive(machine: Machine, use: Use) -> Value:
    """Run a primitive, once for each alternative of its arguments."""
    for name, value in use.bound.items():
        if isinstance(value, Choice):

            def one(option: Value, name: str = name) -> Value:
                return primitive(machine, evolve(use, bound={**use.bound, name: option}))

            return machine.split(value, one)
    return PRIMITIVES[use.op](use)


def _in_place(machine: Machine, entry: Entry, values: dict[str, Value], first: Value | None, result: Value) -> Value:
    flag = entry.in_place
    if isinstance(flag, str):
        asked = values.get(flag)
        if isinstance(asked, Tensor) and isinstance(result, Tensor):
            return containers.write_buffer(machine, asked, result)
        flag = isinstance(asked, Flag) and asked.truth is True
    if flag and isinstance(first, Tensor) and isinstance(result, Tensor):
        return containers.write_buffer(machine, first, result)
    return result


def written_name(value: Value) -> str:
    """The synonym under which the program has the class of a library's object, if it has one."""
    return value.cls.written if isinstance(value, Object) and isinstance(value.cls, Library) else ""


@lru_cache(maxsize=10_000)
def short(name: str) -> str:
    """A library name as people write it: nn.ReLU, F.relu, torch.relu."""
    for prefix, written in _SHORT:
        if name.startswith(prefix):
            return written + name[len(prefix) :]
    return name


# Objects --------------------------------------------------------------------------------------------------------------


def construct(
    machine: Machine, entry: Entry, name: str, given: Arguments, place: Place | None, written: str = ""
) -> Value:
    """An instance of a library class, its arguments kept as attributes."""
    made = machine.allocate(Library(name, written), place)
    made = evolve(made, origin=Node("made", place, label=short(written or name)))
    bound = Binding(machine, entry, given, place)
    _set_attributes(machine, made, bound)
    _hold(machine, made, entry, place)
    if entry.then in bound.places:
        machine.heap.set(made.id, THEN, evolve(machine.nothing, origin=Node("argument", bound.places[entry.then])))
    settle(machine, made, entry, bound, place)
    return made


def settle(machine: Machine, made: Object, entry: Entry, bound: Binding, place: Place | None) -> None:
    """What else the construction of an optimizer, a schedule, a dropout or a layer with weights does."""
    if entry.guards:
        measures.guarded(machine, entry, bound)
    if entry.weights and place is not None:
        machine.facts.layers[made.id] = LayerMade(entry.name, bound.values, place)
    if place is not None and entry.kind == "optimizer":
        optimizers.made(machine, made, entry, bound, place)
    elif place is not None and entry.kind == "schedule":
        if entry.parameters is None or any(name in ("optimizer", "schedulers") for name, _ in entry.parameters):
            optimizers.scheduled(machine, made, entry, bound, place)
        else:
            optimizers.planned(machine, made, place)
        for name, at in bound.places.items():
            machine.item_places[made.id, name] = at  # for the optimizer that it will be given to
    elif place is not None and (entry.drops or entry.keeps):
        dropouts.given(machine, made, entry, bound, place)
    elif entry.effect == "grad_enabled":  # acts at once, in a `with` or not
        contexts.enter(machine, entry, made.id)


def _hold(machine: Machine, made: Object, entry: Entry, place: Place | None) -> None:
    """Give an object the tensors that all of its kind have."""
    for name, spec in entry.attributes.items():
        if isinstance(spec, list):
            held = Tensor(range=intervals.Interval(*spec), number=machine.fresh(), buffer=machine.fresh())
            machine.heap.set(made.id, name, evolve(held, origin=Node("attribute", place, (made,), label=name)))
        else:
            machine.heap.set(made.id, name, data.described(machine, spec, place, short(entry.name)))


def _set_attributes(machine: Machine, made: Object, bound: Binding) -> None:
    for name, value in bound.values.items():
        machine.heap.set(made.id, name, value)


def call_layer(machine: Machine, entry: Entry, layer: Object, given: Arguments, place: Place | None) -> Value:
    """Call an instance of a layer or loss: what was given at construction completes what is given now."""
    spec, shown = entry.call, short(written_name(layer) or entry.name)
    if place is not None and place.path.startswith("stub:"):
        place = layer.id.place  # within a container the layer's own place is what the user wrote
    if spec is None:
        return machine.unknown(f"calling {shown} is not followed", place, *list(given.values())[:1])
    target = machine.knowledge.get(spec) if isinstance(spec, str) else None
    values = dict(machine.heap.record(layer.id))
    places: dict[str, Place] = {}
    owner = layer.id if entry.weights else None
    if target is not None:
        count = target.called if target.loss is not None else 1
        inputs = tuple(name.lstrip("*") for name, _ in (target.parameters or ())[:count])
        for name, default in (target.parameters or ())[count:]:
            values.setdefault(name, literal(machine, default))
    else:
        assert not isinstance(spec, str) and spec is not None, f"{entry.name} calls {spec}, which is not known"
        inputs = spec.inputs
    for name, each in zip(inputs, given.positional, strict=False):
        values[name] = each.value
        if each.place is not None:
            places[name] = each.place
    for name, each in given.keywords:
        values[name] = each.value
        if each.place is not None:
            places[name] = each.place
    met = target if target is not None and target.loss is not None else entry
    if met.loss is not None:
        bound = Binding.__new__(Binding)
        bound.values, bound.places, bound.given = values, places, set(places)
        return apply_loss(machine, evolve(met, name=entry.name), bound, place, written_name(layer), layer.id.place)
    if entry.drops or entry.keeps:
        dropouts.applied(machine, entry, layer, values, inputs)
    if LAST in entry.dense:
        _measure(machine, layer, values.get(inputs[0]))
    values = {key: value for key, value in values.items() if not key.startswith("@") and key not in entry.attributes}
    if target is not None:
        op = target.op or "unknown"
        use = Use(machine, shown, values, place, target.set, target.roles, owner, inputs[0], op, entry.name)
        result = primitive(machine, use)
        return _in_place(machine, target, values, values.get(inputs[0]), result)
    assert not isinstance(spec, str)
    use = Use(machine, shown, values, place, spec.set, spec.roles, owner, inputs[0], spec.op, entry.name)
    if owner is not None and spec.op in feeding.WEIGHING:
        feeding.fed(machine, use)
    result = primitive(machine, use)
    if entry.deep and isinstance(result, Tensor):
        result = _with_parts(machine, layer, result)
    if entry.then is not None:
        return _followed(machine, values.get(entry.then, machine.nothing), result, layer, place)
    return _in_place(machine, entry, values, values.get(inputs[0]), result)


def _with_parts(machine: Machine, network: Object, result: Tensor) -> Tensor:
    """What a network that comes whole gives, with the layers that somebody has put into it."""
    parts = natives.networks.inside(machine, network).owners - {network.id}
    trained = freezing.trained(machine, parts) if parts and machine.now.gradient else frozenset()
    return evolve(result, live=result.live | trained, cut=(result.cut | parts) - trained) if parts else result


def _followed(machine: Machine, function: Value, x: Value, layer: Object, place: Place | None) -> Value:
    """What a layer gives after the activation that it was told to end with."""
    if isinstance(function, Choice):
        return machine.split(function, lambda one: _followed(machine, one, x, layer, place))
    if isinstance(function, Nothing):
        return x
    if isinstance(function, Text):
        name = machine.knowledge.by_string("function", function.value or "")
        if name is None:
            return machine.unknown("an activation that is not known", place, function)
        function = Library(name)
    told = machine.heap.get(layer.id, THEN)
    if told is not None and told.origin is not None:
        place = told.origin.place
    return machine.call(function, Arguments((Given(x),)), place)


def _measure(machine: Machine, layer: Object, given: Value | None) -> None:
    """Note how many values go into each unit of a layer that learns it from its input."""
    last = given.shape[-1] if isinstance(given, Tensor) and given.shape else None
    if isinstance(last, int) and layer.id in machine.facts.layers:
        machine.facts.layers[layer.id].values.setdefault(LAST, number(last))


def wrapped(machine: Machine, entry: Entry, bound: Binding) -> Value:
    """A wrapper hands on the network; its ``module`` is the network itself."""
    value = bound.values.get(entry.wraps or "module", machine.nothing)
    if isinstance(value, Nothing):
        return machine.unknown("a wrapper that is given later what it wraps", None)
    for _, option in options(value):
        if isinstance(option, Object) and is_network(machine, option) and machine.heap.get(option.id, "module") is None:
            machine.heap.set(option.id, "module", option)
    return value


def is_network(machine: Machine, value: Value) -> bool:
    """Whether a value is a network or layer: its class descends from the framework's base class."""
    return isinstance(value, Object) and descends(machine, value, NETWORK)


def _decorated(machine: Machine, entry: Entry, name: str, given: Arguments) -> Value:
    first = given.positional[0].value if given.positional else None
    if isinstance(first, Function | Class):
        return evolve(first, marks=first.marks | {entry.mark}) if entry.mark else first
    if entry.wraps is not None and first is not None and not isinstance(first, Unknown):
        return first
    return Library(name)


# Effects --------------------------------------------------------------------------------------------------------------


def effect(machine: Machine, kind: str, bound: Binding, place: Place | None) -> Value | None:
    """What a call does beside its value; the value that something it has called gave it, if it hands that back."""
    handed_back = None
    if kind == "backward" and place is not None:
        found = (bound.values.get(name) for name in ("loss", "input", "tensors"))
        value = next((each for each in found if each is not None), machine.nothing)
        items = containers.items_of(machine, value) if containers.is_list(value) else None
        gradients = (bound.values.get(name, machine.nothing) for name in ("gradient", "grad_tensors"))
        weighted = any(not isinstance(each, Nothing) for each in gradients)
        for each in (value,) if items is None else items.known:
            for _, option in options(each):
                machine.facts.recorded |= option.live if isinstance(option, Tensor) else frozenset()
                objective(machine, option, place, weighted=weighted)
    elif kind == "add_group":
        group = bound.values.get("param_group", machine.nothing)
        optimizers.add_group(machine, bound.values.get("self", machine.nothing), group, place)
    elif kind == "load":
        machine.facts.given_away |= {each.id for _, each in options(bound.values["self"]) if isinstance(each, Object)}
    elif kind == "keep":
        measures.happened(machine, "kept")
    elif kind == "schedule":
        recording.scheduled(machine, bound.values["self"], bound.values.get("epoch", machine.nothing), place)
    elif kind == "differentiate":
        machine.facts.strayed.append(bound.values["outputs"])
    elif kind == "score":
        recording.scored(machine, *bound.values.values())
    elif kind == "plain":
        recording.answered(machine, *bound.values.values())
        asked = bound.values.get("force")
        machine.facts.plain += () if isinstance(asked, Flag) and asked.truth is not False else bound.values.values()
    elif kind == "answer":
        recording.answered(machine, *bound.values.values())
    elif kind == "clear":
        recording.cleared(machine, bound.values.get("self", machine.nothing), place)
    elif kind == "clip":
        recording.clipped(machine, bound.values.get("parameters", machine.nothing), place)
    elif kind == "unscale":
        recording.unscaled(machine, bound.values.get("optimizer", machine.nothing), bound.values["self"], place)
    elif kind == "update":
        recording.updated(machine, bound.values["self"], place)
    elif kind == "step" and place is not None:
        taken = bound.values.get("optimizer") or bound.values.get("self", machine.nothing)
        decays = measures.decays(machine, taken)
        machine.facts.steps.append(StepTaken(taken, machine.activation.site, machine.facts.tick(), decays))
        closure = bound.values.get("closure")
        own = isinstance(closure, Object) and isinstance(closure.cls, Class)
        if closure is not None and (own or isinstance(closure, Function | Bound | Partial)):
            handed_back = machine.call(closure, Arguments(), place)
        elif closure is not None and not isinstance(closure, Nothing):
            recording.unfollowed(machine, closure, [taken], place)
        scaler = bound.values.get("self") if "optimizer" in bound.values else None
        recording.stepped(machine, [option for _, option in options(taken)], place, scaler)
    return handed_back


def objective(machine: Machine, value: Value, place: Place, *, weighted: bool = False) -> None:
    """Note that ``value`` is minimised."""
    machine.facts.objectives.append(
        Objective(
            value,
            place,
            machine.activation.site,
            machine.facts.tick(),
            machine.now.conditions,
            machine.assumed,
            machine.now.exceptional,
            weighted,
        )
    )
    recording.minimised(machine, value, place)


def entered(machine: Machine, network: Object, given: Arguments, result: Value, place: Place | None) -> None:
    """Note a call of a network of the project."""
    if is_network(machine, network):
        value = next(given.values(), machine.nothing)
        machine.facts.forwards.append(Entered(network, value, result, place, machine.assumed))
        recording.passed(machine, network, given, result, place)


# Losses ---------------------------------------------------------------------------------------------------------------


def apply_loss(
    machine: Machine, entry: Entry, bound: Binding, place: Place | None, written: str = "", made: Place | None = None
) -> Value:
    """A library loss meets its prediction and target: note it, once per alternative, and give the loss."""
    assert entry.loss is not None
    library = machine.knowledge.arrays(entry.name)
    loss = _as_asked(entry.loss, bound)
    entry = evolve(entry, name=written or entry.name, loss=loss)
    prediction = bound.values.get(loss.prediction) or machine.unknown("no prediction", place)
    target = bound.values.get(loss.target) or machine.unknown("no target", place)
    live: frozenset[Any] = frozenset()
    for path, one in _alternatives(machine, prediction):
        for other_path, other in _alternatives(machine, target):
            names = (loss.prediction, loss.target)
            if _is_live(other) and not _is_live(one):
                pair, names = (other, one), (loss.target, loss.prediction)
            else:
                pair = (one, other)
            live |= one.live if isinstance(one, Tensor) else frozenset()
            live |= other.live if isinstance(other, Tensor) else frozenset()
            _note(machine, entry, pair, names, bound, (*path, *other_path), place, made)
    inputs = [value for value in (prediction, target) if isinstance(value, Tensor)]
    beside = (each for name, each in bound.values.items() if name not in (loss.prediction, loss.target, "self"))
    inputs += (each for each in beside if isinstance(each, Tensor) and each.live)  # a variance that is computed too
    use = Use(machine, short(entry.name), {}, place)
    result = make(use, *inputs, range=intervals.Interval(*loss.range))
    assert result.origin is not None
    others = tuple(value for value in (prediction, target) if isinstance(value, Choice))
    origin = evolve(result.origin, op="loss", inputs=(*result.origin.inputs, *others))
    live |= result.live
    return evolve(result, live=live, cut=result.cut - live, origin=origin, library=library or result.library)


def _as_asked(loss: Loss, bound: Binding) -> Loss:
    """What a loss does under the flags that it was given."""
    for parameter, cases in loss.when.items():
        value = bound.values.get(parameter)
        key: Any = object()
        if isinstance(value, Flag):
            key = value.truth
        elif isinstance(value, Text):
            key = value.text
        elif isinstance(value, Nothing):
            key = "none"
        loss = evolve(loss, **cases.get(key, {"wants": "anything", "applies": None}))
    return loss


def _alternatives(machine: Machine, value: Value) -> list[tuple[tuple[Condition, ...], Value]]:
    if isinstance(value, Choice):
        return machine.possible(value)[:MOST_PAIRS]
    return [((), value)]


def _is_live(value: Value) -> bool:
    return isinstance(value, Tensor) and bool(value.live)


def _note(
    machine: Machine,
    entry: Entry,
    pair: tuple[Value, Value],
    names: tuple[str, str],
    bound: Binding,
    chosen: tuple[Condition, ...],
    place: Place | None,
    made: Place | None,
) -> None:
    if place is None or entry.loss is None:
        return
    machine.facts.losses.append(
        LossApplied(
            name=entry.name,
            loss=entry.loss,
            prediction=pair[0],
            target=pair[1],
            prediction_place=bound.places.get(names[0], place),
            target_place=bound.places.get(names[1]),
            place=place,
            site=machine.activation.site,
            moment=machine.facts.tick(),
            conditions=machine.now.conditions,
            chosen=chosen,
            assumed=machine.assumed,
            exceptional=machine.now.exceptional,
            made=made,
            reduction=_reduction(machine, entry, bound),
        )
    )


def _reduction(machine: Machine, entry: Entry, bound: Binding) -> str | None:
    """What a loss makes of those of the single samples.

    It is left open by the flags that older versions had for it, and where some samples are left out.
    """
    asked, defaults = bound.values.get("reduction"), dict(entry.parameters or ())
    held = ((bound.values.get(name), defaults.get(name)) for name in _RESTRICTING)
    plain = all(value is None or value == literal(machine, default) for value, default in held)
    return asked.text if plain and isinstance(asked, Text) else None
