"""Optimizers: their parameter groups, and every learning rate that reaches one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.knowledge.schema import Rate
from trainlint.semantics import containers, iterators, outside, recording
from trainlint.semantics.facts import OptimizerMade, PlanMade, RateGiven, ScheduleMade
from trainlint.semantics.heap import ITEMS
from trainlint.semantics.immutable import evolve
from trainlint.semantics.schedules import Effect, called, effect
from trainlint.semantics.values import (
    SAME,
    Library,
    Mapping,
    Node,
    Number,
    Object,
    ObjectId,
    Parameters,
    Place,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
    options,
)

if TYPE_CHECKING:
    from trainlint.knowledge.library import Entry
    from trainlint.semantics.libraries import Binding
    from trainlint.semantics.machine import Arguments, Machine

GROUP = "@group"  # in the record of a parameter group: its optimizer
GROUPS = "param_groups"
ASKED = "asked"  # the operation that asks a schedule for a rate
RATE = "rate"
_KEPT = SAME | {"grown", "join"}  # steps after which a number is still that of the same variable
PARAMETERS = Text("params")


def rate_name(entry: Entry) -> str:
    """The name of the parameter that is the learning rate."""
    names = {name for name, _ in entry.parameters or ()}
    return "learning_rate" if "learning_rate" in names and "lr" not in names else "lr"


def made(machine: Machine, optimizer: Object, entry: Entry, bound: Binding, place: Place) -> None:
    """Note a new optimizer with its parameters, and give it its parameter groups."""
    name = rate_name(entry)
    first = entry.parameters[0][0] if entry.parameters else "params"
    if first == name:
        first = ""  # it is told what it moves when it does
    parameters = bound.values.get(first, machine.nothing)
    machine.facts.optimizers.append(
        OptimizerMade(
            optimizer,
            entry.name,
            parameters,
            owners(machine, parameters),
            place,
            machine.assumed,
            bound.values,
            bound.places.get(first, place),
            machine.now.conditions,
            _used_up(machine, parameters, place),
        )
    )
    recording.record(machine, "made", frozenset({optimizer.id}), place)
    values = bound.values if first else {**bound.values}
    if not first and name in values:
        values[name] = _begun(machine, optimizer, values[name], place)
    settings = tuple((Text(key), value) for key, value in values.items() if key != first)
    groups = _groups(machine, parameters, settings, place)
    machine.heap.set(optimizer.id, GROUPS, containers.new_list(machine, Sequence(tuple(groups)), place))
    for group in groups:
        machine.heap.set(group.id, GROUP, optimizer)
        at = machine.item_places.get((group.id, name)) or bound.places.get(name, place)
        if not first and isinstance(given := bound.values.get(name), Object):
            at = _place_of_base(machine, given) or at
        _given(machine, optimizer, entry.name, group, name, at, place)
    if not first:
        take_up(machine, optimizer, bound.values.get(name, machine.nothing), bound.places.get(name, place), place)


def _used_up(machine: Machine, parameters: Value, place: Place) -> Node | None:
    """Go through all parameters, group by group; the first iterator over them that had come to its end."""
    spent = None
    for each in (parameters, *_written(machine, parameters)):
        held = each if each is parameters else containers.mapping_of(machine, each)
        given = dict(held.items).get(PARAMETERS, machine.nothing) if isinstance(held, Mapping) else each
        spent = spent or iterators.used_up(machine, given)
        iterators.use_up(machine, given, place)
    return spent


def _begun(machine: Machine, optimizer: Object, rate: Value, place: Place) -> Value:
    """The rate that an optimizer without groups begins with; whoever reads it can tell whose it is."""
    entry = schedule_of(machine, rate)
    if isinstance(rate, Object):
        base = None if entry is None or entry.rate is None or entry.rate.base is None else entry.rate.base
        return machine.nothing if base is None else machine.heap.get(rate.id, base) or machine.nothing
    own_rate(machine, optimizer, rate, place)
    return rate


def own_rate(machine: Machine, optimizer: Object, rate: Value, place: Place | None) -> None:
    """Keep a rate under the name by which it is read."""
    entry = _entry(machine, optimizer)
    if isinstance(rate, Number):
        rate = evolve(rate, origin=Node(RATE, place, (rate, optimizer), {"number": 0, "why": 0}))
    machine.heap.set(optimizer.id, "learning_rate" if entry is None else rate_name(entry), rate)


def owner_of(value: Value) -> Object | None:
    """The optimizer whose rate a number is, as it was read from it."""
    node = value.origin
    while node is not None and node.op in _KEPT and node.inputs:
        if node.op == RATE:
            owner = node.inputs[1]
            return owner if isinstance(owner, Object) else None
        node = node.inputs[0].origin
    return None


def write(machine: Machine, optimizer: Object, rate: Value, place: Place | None) -> None:
    """``optimizer.learning_rate = rate``, for an optimizer without groups of its own."""
    entry = _entry(machine, optimizer)
    own_rate(machine, optimizer, rate, place)
    groups = machine.heap.get(optimizer.id, GROUPS)
    items = None if groups is None else containers.items_of(machine, groups)
    if entry is None or items is None:
        return
    for group in items.known:
        if isinstance(group, Object):
            containers.put(machine, group, Text(rate_name(entry)), rate, place)
    if isinstance(rate, Object) and place is not None:
        take_up(machine, optimizer, rate, place, place)


def schedule_of(machine: Machine, value: Value) -> Entry | None:
    """The knowledge of a schedule of the library."""
    for cls in machine.classes(value) if isinstance(value, Object) else ():
        entry = machine.knowledge.entries.get(cls.name) if isinstance(cls, Library) else None
        if entry is not None and entry.kind == "schedule":
            return entry
    return None


def _place_of_base(machine: Machine, schedule: Object) -> Place | None:
    entry = schedule_of(machine, schedule)
    base = None if entry is None or entry.rate is None else entry.rate.base
    return None if base is None else machine.item_places.get((schedule.id, base))


def take_up(
    machine: Machine, optimizer: Object, schedule: Value, place: Place, call: Place, turns: int | None = None
) -> None:
    """Note that an optimizer was given a schedule; a class of the project is one if it can be asked for the rate.

    ``turns`` says how often the schedule will be asked, where that is known.
    """
    machine.facts.handed_over.append(schedule)
    for _, each in options(schedule):
        if not isinstance(each, Object):
            continue
        entry = schedule_of(machine, each)
        values = dict(machine.heap.record(each.id))
        if entry is not None and entry.rate is not None:
            before = rate_of_all(machine, optimizer) if entry.rate.calls is not None else None
            made = effect(machine, entry.rate, values, call, before, turns)
            names = (entry.rate.calls, entry.rate.peak, *entry.rate.factors, entry.rate.base)
            held = ((each.id, name) for name in names if isinstance(name, str))
            at = next((machine.item_places[key] for key in held if key in machine.item_places), place)
        else:
            made, at = called(machine, each, Rate(absolute=True), call), place
        _scheduled(machine, "" if entry is None else entry.name, optimizer, made, at, call)


def rate_of_all(machine: Machine, optimizer: Object) -> Number | None:
    """The one rate of an optimizer without groups of its own."""
    entry = _entry(machine, optimizer)
    rate = None if entry is None else machine.heap.get(optimizer.id, rate_name(entry))
    return rate if isinstance(rate, Number) else None


def _groups(
    machine: Machine, parameters: Value, settings: tuple[tuple[Value, Value], ...], place: Place
) -> list[Object]:
    """One dictionary a group; those that the user wrote are completed by the settings for all."""
    written = _written(machine, parameters)
    if not written:
        return [containers.new_dict(machine, ((PARAMETERS, parameters), *settings), None, place)]
    groups = []
    for each in written:
        held = containers.mapping_of(machine, each)
        if isinstance(each, Object) and held is not None:
            own = dict(held.items)
            given = own.get(PARAMETERS)
            if isinstance(given, Parameters):
                own[PARAMETERS] = evolve(given, lazy=False)  # they are a list from now on, in the dictionary too
            missing = tuple(pair for pair in settings if pair[0] not in own)
            machine.heap.set(each.id, ITEMS, Mapping((*own.items(), *missing), held.rest))
            groups.append(each)
    return groups


def _written(machine: Machine, parameters: Value) -> list[Value]:
    """The groups that the user wrote as dictionaries."""
    items = containers.items_of(machine, parameters) if not isinstance(parameters, Parameters | Tensor) else None
    written = [] if items is None else [each for each in items.known if containers.is_dict(each)]
    return written if items is not None and len(written) == len(items.known) else []


def rates(machine: Machine, made: OptimizerMade) -> list[Value]:
    """The rates that an optimizer was made with."""
    own = made.optimizer.id
    return [each.value for each in machine.facts.rates if each.optimizer.id is own and not each.written]


def remembers(machine: Machine, made: OptimizerMade) -> bool:
    """Whether an optimizer gathers anything about the gradients."""
    entry = machine.knowledge.entries.get(made.name)
    if entry is None or entry.state is None:
        return entry is not None
    held = made.settings.get(entry.state)
    return isinstance(held, Number) and held.value not in (None, 0)


def add_group(machine: Machine, optimizer: Value, group: Value, place: Place | None) -> None:
    """``optimizer.add_param_group(group)``."""
    entry = _entry(machine, optimizer)
    if not isinstance(optimizer, Object) or not isinstance(group, Object) or entry is None or place is None:
        return
    groups = machine.heap.get(optimizer.id, GROUPS)
    if groups is not None:
        containers.append(machine, groups, group)
    held = containers.mapping_of(machine, group)
    name = rate_name(entry)
    if held is not None and Text(name) not in dict(held.items):
        default = machine.heap.get(optimizer.id, name)
        if default is not None:
            containers.put(machine, group, Text(name), default)
    machine.heap.set(group.id, GROUP, optimizer)
    at = machine.item_places.get((group.id, name), place)
    _given(machine, optimizer, entry.name, group, name, at, place)


def _given(
    machine: Machine,
    optimizer: Object,
    kind: str,
    group: Object,
    name: str,
    at: Place,
    call: Place,
    *,
    written: bool = False,
    before: Value | None = None,
) -> None:
    held = containers.mapping_of(machine, group)
    values = {} if held is None else dict(held.items)
    rate = values.get(Text(name))
    if rate is None:
        return
    rate = machine.narrow(outside.as_number(rate))
    state = machine.now
    machine.facts.rates.append(
        RateGiven(
            optimizer=optimizer,
            group=group,
            name=kind,
            value=rate,
            parameters=values.get(PARAMETERS, machine.nothing),
            place=at,
            call=call,
            site=machine.activation.site,
            conditions=state.conditions,
            assumed=machine.assumed,
            exceptional=state.exceptional,
            moment=machine.facts.tick(),
            written=written,
            before=before,
        )
    )


def item_set(machine: Machine, holder: Object, key: Value, before: Value | None, place: Place | None) -> None:
    """An item of a dictionary was set: note it where the dictionary is a parameter group and the item its rate."""
    optimizer = machine.heap.get(holder.id, GROUP)
    if not isinstance(optimizer, Object) or place is None:
        return
    entry = _entry(machine, optimizer)
    if entry is not None and key == Text(rate_name(entry)):
        _given(machine, optimizer, entry.name, holder, rate_name(entry), place, place, written=True, before=before)


def rate_of(machine: Machine, optimizer: Object, group: Object) -> Value | None:
    """The rate that a parameter group has now."""
    entry, held = _entry(machine, optimizer), containers.mapping_of(machine, group)
    if entry is None or held is None:
        return None
    return next((each for key, each in held.items if key == Text(rate_name(entry))), None)


def _entry(machine: Machine, optimizer: Value) -> Entry | None:
    for cls in machine.classes(optimizer):
        entry = machine.knowledge.entries.get(cls.name) if isinstance(cls, Library) else None
        if entry is not None and entry.kind == "optimizer":
            return entry
    return None


def scheduled(machine: Machine, schedule: Object, entry: Entry, bound: Binding, place: Place) -> None:
    """Note a schedule and what it makes of the rates."""
    recording.made(machine, schedule, bound.values, place)
    optimizer = bound.values.get("optimizer") or next(iter(bound.values.values()), machine.nothing)
    names = () if entry.rate is None else (entry.rate.calls, entry.rate.peak, *entry.rate.factors)
    at = next((bound.places[name] for name in names if isinstance(name, str) and name in bound.places), place)
    made = effect(machine, entry.rate, bound.values, place)
    _scheduled(machine, entry.name, optimizer, made, at, place, schedule)


def planned(machine: Machine, schedule: Object, place: Place) -> None:
    """Note a schedule that is to be given to an optimizer."""
    state = machine.now
    machine.facts.plans.append(
        PlanMade(
            schedule=schedule,
            frame=machine.activation.frame,
            call=place,
            site=machine.activation.site,
            conditions=state.conditions,
            assumed=machine.assumed,
            exceptional=state.exceptional,
        )
    )


def asked(machine: Machine, schedule: Object, given: Arguments, place: Place | None) -> Value:
    """A schedule is called to see its rate at a step; who does not stand beside it may do anything with that."""
    frame = machine.activation.frame
    if not any(each.frame is frame and each.schedule.id is schedule.id for each in machine.facts.plans):
        first = next(iter(machine.heap.record(frame).values()), None)
        machine.facts.asked.append((schedule.id, first.id if isinstance(first, Object) else None))
    origin = Node(ASKED, place, (schedule, *given.values()))
    return Unknown(why="the rate of a schedule", origin=origin)


def _scheduled(
    machine: Machine,
    name: str,
    optimizer: Value,
    made: Effect,
    place: Place,
    call: Place,
    schedule: Object | None = None,
) -> None:
    state = machine.now
    machine.facts.schedules.append(
        ScheduleMade(
            name=name,
            optimizer=optimizer,
            effect=made,
            place=place,
            call=call,
            site=machine.activation.site,
            conditions=state.conditions,
            assumed=machine.assumed,
            exceptional=state.exceptional,
            moment=machine.facts.tick(),
            schedule=schedule,
        )
    )


def owners(machine: Machine, value: Value, depth: int = 0) -> frozenset[ObjectId]:
    """Every layer whose parameters are somewhere in what an optimizer was given."""
    if isinstance(value, Parameters):
        return value.owners
    if isinstance(value, Tensor):
        return value.live
    if isinstance(value, Unknown):
        return _of_layer(machine, value)
    parts: list[Value] = [option for _, option in options(value)]
    if parts == [value]:
        parts = []
        if (mapping := containers.mapping_of(machine, value)) is not None:
            parts = [each for _, each in mapping.items]
        elif not isinstance(value, Object) or containers.is_list(value):
            sequence = containers.items_of(machine, value)
            parts = [] if sequence is None else list(sequence.known)
    if depth == 5:
        return frozenset()
    return frozenset().union(*(owners(machine, each, depth + 1) for each in parts))


def _of_layer(machine: Machine, value: Unknown) -> frozenset[ObjectId]:
    """The layer of which this is an attribute: what an optimizer is given of one is its weights."""
    node = value.origin
    layer = node.inputs[0] if node is not None and node.op == "attribute" and node.inputs else None
    return frozenset({layer.id}) if isinstance(layer, Object) and layer.id in machine.facts.layers else frozenset()
