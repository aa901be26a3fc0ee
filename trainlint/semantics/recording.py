"""Events: noted on the path on which they happen, and what something that is not followed may do to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from typing import TYPE_CHECKING

from trainlint.semantics import containers, freezing
from trainlint.semantics.events import Event, Modal, Stretch, Trace
from trainlint.semantics.evidence import visible
from trainlint.semantics.facts import Inherited
from trainlint.semantics.heap import GRADIENT
from trainlint.semantics.immutable import evolve
from trainlint.semantics.values import (
    Bound,
    Choice,
    Flag,
    Function,
    Library,
    Mapping,
    Node,
    Nothing,
    Number,
    Object,
    ObjectId,
    Parameters,
    Partial,
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
    from trainlint.knowledge.library import Entry
    from trainlint.semantics.machine import Arguments, Machine

MODE = "training"
KEEPS = "keeps_graphs"  # of classes whose instances know their mode, and record gradients with no tape around them
RECORDS = "records"  # of classes whose instances do not know it, and record gradients on some backends alone
MOST_REACHED = 300  # objects that an argument leads to; who has more has everything
MOST_STEPS = 60  # of the histories of what takes part in a call
_PLAIN = (Number, Text, Flag, Library)
_LEADING = {Object, Tensor, Parameters, Unknown, Function, Sequence, Mapping, Choice, Bound, Partial}  # to others


def record(
    machine: Machine,
    kind: str,
    subjects: frozenset[ObjectId] | None,
    place: Place | None,
    *,
    certain: bool = True,
    training: bool | None = None,
    told: bool = False,
    results: tuple[Node, ...] = (),
    given: tuple[object, ...] = (),
    weights: frozenset[ObjectId] = frozenset(),
    modal: Modal | None = None,
    graph: bool = False,
    summed: tuple[Site, ...] = (),
) -> None:
    """Note that something happened on the present path."""
    state = machine.now
    event = Event(
        kind=kind,
        subjects=subjects,
        place=place,
        site=machine.activation.site,
        moment=machine.facts.tick(),
        conditions=state.conditions,
        assumed=machine.assumed,
        exceptional=state.exceptional,
        certain=certain,
        training=training,
        told=told,
        results=results,
        given=given,
        weights=weights,
        modal=modal,
        gradient=state.gradient,
        graph=graph and not state.doubtful,
        summed=summed,
    )
    append(machine, event)


def append(machine: Machine, event: Event) -> None:
    """Put an event at the end of the present path."""
    state = machine.now
    state.trace = Trace((((), state.trace),), event)
    machine.facts.events.append(state.trace)


def again(machine: Machine, stretch: Stretch, *, anew: bool) -> None:
    """All of this happens once more, now on the present path; ``anew`` if that assumes something else than then."""
    state = machine.now
    repeated: dict[int, Trace | None] = {id(stretch.start): state.trace}
    for trace in stretch.traces():
        event = trace.event
        if event is not None:
            site = moved(machine, event.site, stretch.site, machine.activation.site)
            graph = event.graph and not state.doubtful
            event = evolve(event, site=site, moment=machine.facts.tick(), assumed=machine.assumed, graph=graph)
            event = evolve(event, conditions=state.conditions) if anew else event
        before = tuple((() if anew else path, repeated.get(id(each), each)) for path, each in trace.before)
        now = repeated[id(trace)] = Trace(before, event)
        if event is not None:
            machine.facts.events.append(now)
    if stretch.end is not stretch.start:
        state.trace = repeated[id(stretch.end)]


def moved(machine: Machine, site: Site, old: Site, new: Site) -> Site:
    """The same links after another beginning."""
    if site is old or site.parent is None:
        return new
    return machine.site(moved(machine, site.parent, old, new), site.place, site.turn)


def stepped(
    machine: Machine,
    optimizers: Iterable[Value],
    place: Place | None,
    scaler: Value | None = None,
    summed: tuple[Site, ...] = (),
) -> None:
    """An optimizer moved its weights, perhaps by means of a scaler; of several alternatives one did."""
    moved = list(optimizers)
    for each in moved:
        if isinstance(each, Object):
            record(machine, "step", _ids(each, scaler), place, certain=len(moved) == 1, summed=summed)
        else:
            record(machine, "step", None, place, certain=False)


def _ids(*values: Value | None) -> frozenset[ObjectId]:
    return frozenset(each.id for each in values if isinstance(each, Object))


def clipped(machine: Machine, parameters: Value, place: Place | None) -> None:
    """Gradients were made smaller."""
    from trainlint.semantics.optimizers import owners

    record(machine, "clip", owners(machine, parameters) or None, place)


def unscaled(machine: Machine, optimizer: Value, scaler: Value | None, place: Place | None) -> None:
    """The gradients of an optimizer were divided by the factor of the scaler."""
    record(machine, "unscale", _ids(optimizer, scaler) if isinstance(optimizer, Object) else None, place)


def updated(machine: Machine, scaler: Value, place: Place | None) -> None:
    """A scaler adapted its factor to the steps that were taken by means of it."""
    record(machine, "update", _ids(scaler) or None, place)


def made(machine: Machine, schedule: Object, given: Map[str, Value], place: Place | None) -> None:
    """A schedule was made; what others it was given is theirs no more."""
    record(machine, "made", frozenset({schedule.id}), place)
    held = _Reached(machine)
    held.follow([each for name, each in given.items() if isinstance(each, Object) and containers.is_list(each)])
    if held.objects:
        record(machine, "anything", frozenset(held.objects), place)


def scheduled(machine: Machine, schedule: Value, epoch: Value, place: Place | None) -> None:
    """A schedule moved its rates on; who is told the epoch counts for itself."""
    if isinstance(schedule, Object):
        certain = isinstance(epoch, Nothing)
        record(machine, "schedule", frozenset({schedule.id}), place, certain=certain)


def minimised(machine: Machine, value: Value, place: Place | None) -> None:
    """A value was sent backward."""
    if isinstance(value, Tensor) and value.live:
        machine.now.doubtful = False  # gradients are on, or this would have failed
        record(machine, "backward", value.live, place)
    else:
        record(machine, "backward", None, place, certain=False)


# Modes ----------------------------------------------------------------------------------------------------------------


def passed(
    machine: Machine, network: Object, given: Arguments, result: Value, place: Place | None, kind: str = "forward"
) -> None:
    """A network was called, and gave a result; or a ``part`` of one."""
    from trainlint.semantics import lasting
    from trainlint.semantics.natives.networks import inside

    results = tuple(_origins(machine, result))
    if not results:
        return
    mode = machine.attribute(network, MODE, None)
    whole = inside(machine, network)
    itself = isinstance(machine.attribute(network, KEEPS, None), Flag)
    told = not itself and not isinstance(mode, Flag) and bool(whole.modal)
    training = _told(machine, given, network, whole.own, place) if told else getattr(mode, "truth", None)
    record(
        machine,
        kind,
        frozenset({network.id}),
        place,
        training=training,
        told=told,
        results=results,
        given=lasting.sources(machine, given) if whole.modal else (),
        weights=whole.own,
        modal=_modal(machine, whole.modal) or machine.dropping.modal.get((network.id, training)),
        graph=_holds_graph(machine, result) and (itself or _is_recorded(machine, network, whole.own)),
    )


def _is_recorded(machine: Machine, network: Object, weights: frozenset[ObjectId]) -> bool:
    """Whether gradients of a network are recorded with no tape around it: they went backward so, or it is set."""
    if not weights.isdisjoint(machine.facts.recorded):
        return True
    if machine.facts.derived:
        return False
    set_so = machine.attribute(network, RECORDS, None)
    return isinstance(set_so, Flag) and set_so.truth is True


def _told(
    machine: Machine, given: Arguments, network: Object, weights: frozenset[ObjectId], place: Place | None
) -> bool | None:
    """In which mode a network is called that has none of its own; what is not said to be a training is none."""
    asked = given.keyword(MODE)
    training: bool | None = None
    if asked is None or isinstance(asked, Nothing):
        training = False if len(given.positional) < 2 else None
    elif isinstance(asked, Flag):
        training = asked.truth
    for each in (True, False):
        if training in (None, each):
            record(machine, "mode", weights | {network.id}, place, certain=training is not None or each, training=each)
    return training


def inherited(machine: Machine, to: frozenset[ObjectId], of: frozenset[ObjectId]) -> None:
    """Some weights became those of others."""
    facts = machine.facts
    facts.inherited.append(Inherited(to, of, facts.tick(), machine.assumed))


def mixed(machine: Machine, weights: Parameters, given: Iterable[Value]) -> None:
    """Something was written into weights: those that it was made of have their part in them now."""
    others = reached(machine, given)
    if others:
        inherited(machine, weights.owners, others)


def scored(machine: Machine, *compared: Value) -> None:
    """Tensors were compared, as predictions are with what is right."""
    for value in compared:
        if isinstance(value, Tensor | Choice):
            several = (each for _, each in options(value))
            machine.facts.scored += (each for each in several if isinstance(each, Tensor) and each.origin is not None)


def judged(machine: Machine, given: Iterable[Value]) -> None:
    """Something says how good these are, or what lists of them hold; a single thing is compared with nothing."""
    data = [each for each in given if not isinstance(each, (*_PLAIN, Nothing))]
    for value in data if len(data) > 1 else ():
        for _, each in options(value):
            items = containers.items_of(machine, each) if containers.is_list(each) else None
            machine.facts.scored += (each,) if items is None else items.known


def shown(machine: Machine, given: Iterable[Value]) -> None:
    """Somebody prints or logs values, tensors among them."""
    for value in given:
        mapping = containers.mapping_of(machine, value) if containers.is_dict(value) else None
        held = [value] if mapping is None else [each for _, each in mapping.items]
        machine.facts.shown += (each for each in held if isinstance(each, Tensor) and each.origin is not None)


def answered(machine: Machine, *told: Value) -> None:
    """Tensors left for plain Python, NumPy, a file or a screen: those that are decisions are what was asked for."""
    several = (option for each in told for _, option in options(each))
    machine.facts.told_out += (
        each for each in several if isinstance(each, Tensor) and each.content == "index" and each.cut | each.live
    )


def _origins(machine: Machine, value: Value) -> Iterator[Node]:
    if isinstance(value, Tensor):
        if value.origin is not None:
            yield value.origin
    elif isinstance(value, Sequence):
        for each in value.known:
            yield from _origins(machine, each)
    elif isinstance(value, Choice):
        for _, each in value.options:
            yield from _origins(machine, each)
    elif isinstance(value, Object):
        for each in _held(machine, value):
            yield from _origins(machine, each)


def _held(machine: Machine, value: Object) -> tuple[Value, ...]:
    """What a list, a dictionary or a record that a network gives consists of."""
    if containers.is_list(value):
        items = containers.items_of(machine, value)
        return () if items is None else items.known
    if containers.is_dict(value):
        mapping = containers.mapping_of(machine, value)
        return () if mapping is None else tuple(each for _, each in mapping.items)
    held = machine.heap.record(value.id).values()
    return tuple(each for each in held if isinstance(each, Tensor | Sequence))


def _holds_graph(machine: Machine, value: Value) -> bool:
    """Whether each alternative of a result is a tensor with a graph, or has such a tensor among its items."""
    if isinstance(value, Sequence):
        return any(_holds_graph(machine, each) for each in value.known)
    if isinstance(value, Choice):
        return all(_holds_graph(machine, each) for _, each in value.options)
    if isinstance(value, Object):
        return any(_holds_graph(machine, each) for each in _held(machine, value))
    return isinstance(value, Tensor) and bool(value.live)


def _modal(machine: Machine, layers: tuple[Object, ...]) -> Modal | None:
    """One of these layers, rather one that is in training mode."""
    found = None
    for layer in layers:
        held = machine.narrow(machine.heap.get(layer.id, MODE) or machine.nothing)
        training = not (isinstance(held, Flag) and held.truth is False)
        if found is None or training:
            assert isinstance(layer.cls, Library)
            found = Modal(layer.cls.name, visible(layer.id.place, layer.id.site), training)
        if training:
            break
    return found


def is_modal(machine: Machine, layer: Object) -> bool:
    entry = machine.knowledge.entries.get(layer.cls.name) if isinstance(layer.cls, Library) else None
    return entry is not None and entry.modal and not _is_off(machine, layer, entry)


def _is_off(machine: Machine, layer: Object, entry: Entry) -> bool:
    """Whether a layer drops nothing, or has no statistics to keep."""
    held = (machine.heap.get(layer.id, name) for name in (*entry.drops, "track_running_stats"))
    return any(
        (isinstance(each, Number) and each.value == 0) or (isinstance(each, Flag) and each.truth is False)
        for each in held
    )


# What is not followed -------------------------------------------------------------------------------------------------


def unfollowed(machine: Machine, function: Value | None, given: Iterable[Value], place: Place | None) -> None:
    """Something that is not followed was called: it may do anything to what it can reach."""
    values: list[Value] = [each for each in given if not isinstance(each, _PLAIN)]
    if function is not None:
        values.append(function)
    machine.facts.touched += values
    if not machine.facts.optimizers and not machine.facts.frozen:
        return
    if not values:
        return
    reached = _Reached(machine)
    reached.follow(values)
    _perhaps_thawed(machine, reached, place)
    if not machine.facts.optimizers:
        return
    if machine.now.gradient:
        machine.facts.strayed += values
    kind = _named(machine, function)
    if kind is not None:
        record(machine, kind, None, place, certain=False)
    if reached.objects or reached.whole:
        record(machine, "anything", None if reached.whole else frozenset(reached.objects), place)
    if reached.live and kind != "backward":
        record(machine, "backward", frozenset(reached.live), place, certain=False)


def unfrozen(machine: Machine, value: Value, place: Place | None) -> None:
    """Something that was not followed is told whether it is trained."""
    if machine.facts.frozen:
        reached = _Reached(machine)
        reached.follow([value])
        _perhaps_thawed(machine, reached, place)


def _perhaps_thawed(machine: Machine, reached: _Reached, place: Place | None) -> None:
    """What is not followed may have weights trained again that were frozen."""
    held = machine.facts.frozen.keys()
    touched = held if reached.whole else held & reached.objects
    if touched:
        freezing.set_trained(machine, touched, None, place)


def acts(machine: Machine, function: Value) -> bool:
    """Whether something that is not followed has a name under which the libraries have a step or a pass backward."""
    return _named(machine, function) is not None


def _named(machine: Machine, function: Value | None) -> str | None:
    """What a method that is not followed does if it is the one that objects of the libraries have under its name."""
    node = None if function is None else function.origin
    if node is None or node.op != "attribute":
        return None
    kind = machine.knowledge.protocol.get(node.label)
    return None if kind == "step" and machine.assumed is None and _is_foreign(node) else kind


def _is_foreign(node: Node | None) -> bool:
    """Whether a value comes out of a library that was not told of any optimizer: an environment steps too."""
    while node is not None and node.inputs and isinstance(node.inputs[0], Unknown) and node.op != "unknown":
        node = node.inputs[0].origin
    return node is not None and node.op == "unknown" and bool(node.label)


def reached(machine: Machine, values: Iterable[Value]) -> frozenset[ObjectId] | None:
    """The objects and the owners of parameters that some values lead to; None for more than anybody can count."""
    found = _Reached(machine)
    found.follow(list(values))
    return None if found.whole else frozenset(found.objects)


class _Reached:
    """What can be reached from some values: objects and owners of parameters, and by a gradient the ``live`` layers."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.objects: set[ObjectId] = set()
        self.live: set[ObjectId] = set()
        self.whole = False
        self._steps = MOST_STEPS
        self._seen: set[int] = set()
        self._opened: set[ObjectId] = set()

    def follow(self, values: list[Value]) -> None:
        pending, seen = list(values), self._seen
        while pending:
            value = pending.pop()
            if type(value) not in _LEADING or id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value, Unknown):  # most of them are
                pending += self._history(value.origin)
            elif isinstance(value, Object):
                pending += self._open(value.id)
            elif isinstance(value, Tensor):
                self.live |= value.live
                pending += value.origin.aside if value.origin is not None and value.origin.op == GRADIENT else ()
            elif isinstance(value, Parameters):
                self.objects |= value.owners
            elif isinstance(value, Function):
                pending += self._enclosing(value)
            else:
                pending += _parts(value)

    def _open(self, id: ObjectId) -> list[Value]:
        if id in self._opened:
            return []
        self._opened.add(id)
        self.objects.add(id)
        if len(self._opened) > MOST_REACHED:
            self.whole = True
            return []
        return list(self.machine.heap.record(id).values())

    def _enclosing(self, function: Function) -> list[Value]:
        """The variables of the functions around one; a module's are not looked at."""
        found: list[Value] = []
        frame: ObjectId | None = function.frame
        while frame is not None and self.machine.frames[frame].outer is not None:
            if frame not in self._opened:
                self._opened.add(frame)
                found += self.machine.heap.record(frame).values()
            frame = self.machine.frames[frame].outer
        return found

    def _history(self, node: Node | None) -> tuple[Value, ...]:
        """What an unknown value was made of."""
        if node is None or self._steps <= 0:
            return ()
        self._steps -= 1
        if node.op == GRADIENT:
            for each in node.inputs:
                self.objects |= each.live if isinstance(each, Tensor) else frozenset()
        return node.inputs


def _parts(value: Value) -> list[Value]:
    if isinstance(value, Sequence):
        return list(value.known)
    if isinstance(value, Mapping):
        return [each for _, each in value.items]
    if isinstance(value, Choice):
        return [each for _, each in value.options]
    if isinstance(value, Bound):
        return [value.function, value.receiver]
    if isinstance(value, Partial):
        return [value.function, *value.positional, *(each for _, each in value.keywords)]
    return []


# Gradients ------------------------------------------------------------------------------------------------------------


def gradient_of(machine: Machine, value: Value, place: Place | None) -> Unknown:
    """``p.grad``: who reads it may move the weights by itself."""
    machine.facts.read_gradients = True
    return Unknown(why="a gradient", origin=Node(GRADIENT, place, (value,)))


def gradient_set(machine: Machine, value: Value, new: Value, place: Place | None) -> None:
    """``p.grad = …`` for a parameter, or for each of several."""
    if isinstance(new, Nothing):
        cleared(machine, value, place, certain=False)
    else:
        owners = value.owners if isinstance(value, Parameters) else value.live if isinstance(value, Tensor) else None
        record(machine, "anything", owners or None, place)


def cleared(machine: Machine, value: Value, place: Place | None, *, certain: bool = True) -> None:
    """Gradients were cleared: of an optimizer, or of parameters."""
    if isinstance(value, Object):
        record(machine, "clear", frozenset({value.id}), place, certain=certain)
    elif isinstance(value, Parameters):
        record(machine, "clear", value.owners, place, certain=certain)
    elif isinstance(value, Tensor):
        record(machine, "clear", value.live or None, place, certain=certain and bool(value.live))
    else:
        record(machine, "clear", None, place, certain=False)


def is_object(machine: Machine, value: Value) -> bool:
    """Whether a value is an object with a life of its own, not a list or a dictionary."""
    return isinstance(value, Object) and not containers.is_list(value) and not containers.is_dict(value)
