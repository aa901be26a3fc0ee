"""Optimizers: their parameter groups, and every learning rate that reaches one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers, outside
from trainlint.semantics.facts import OptimizerMade, RateGiven, ScheduleMade
from trainlint.semantics.heap import ITEMS
from trainlint.semantics.schedules import effect
from trainlint.semantics.values import (
    Library,
    Mapping,
    Object,
    ObjectId,
    Parameters,
    Place,
    Sequence,
    Tensor,
    Text,
    Value,
    options,
)

if TYPE_CHECKING:
    from trainlint.knowledge.library import Entry
    from trainlint.semantics.libraries import Binding
    from trainlint.semantics.machine import Machine

GROUP = "@group"  # in the record of a parameter group: its optimizer
GROUPS = "param_groups"
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
        OptimizerMade(optimizer, entry.name, parameters, owners(machine, parameters), place, machine.assumed)
    )
    settings = tuple((Text(key), value) for key, value in bound.values.items() if key != first)
    groups = _groups(machine, parameters, settings, place)
    machine.heap.set(optimizer.id, GROUPS, containers.new_list(machine, Sequence(tuple(groups)), place))
    for group in groups:
        machine.heap.set(group.id, GROUP, optimizer)
        at = machine.item_places.get((group.id, name)) or bound.places.get(name, place)
        _given(machine, optimizer, entry.name, group, name, at, place)


def _groups(
    machine: Machine, parameters: Value, settings: tuple[tuple[Value, Value], ...], place: Place
) -> list[Object]:
    """One dictionary a group; those that the user wrote are completed by the settings for all."""
    items = containers.items_of(machine, parameters) if not isinstance(parameters, Parameters | Tensor) else None
    written = [] if items is None else [each for each in items.known if containers.is_dict(each)]
    if items is None or not written or len(written) < len(items.known):
        return [containers.new_dict(machine, ((PARAMETERS, parameters), *settings), None, place)]
    groups = []
    for each in written:
        held = containers.mapping_of(machine, each)
        if isinstance(each, Object) and held is not None:
            own = dict(held.items)
            missing = tuple(pair for pair in settings if pair[0] not in own)
            machine.heap.set(each.id, ITEMS, Mapping((*held.items, *missing), held.rest))
            groups.append(each)
    return groups


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


def scheduled(machine: Machine, entry: Entry, bound: Binding, place: Place) -> None:
    """Note a schedule and what it makes of the rates."""
    state = machine.now
    optimizer = bound.values.get("optimizer") or next(iter(bound.values.values()), machine.nothing)
    names = () if entry.rate is None else (entry.rate.calls, entry.rate.peak, *entry.rate.factors)
    at = next((bound.places[name] for name in names if isinstance(name, str) and name in bound.places), place)
    machine.facts.schedules.append(
        ScheduleMade(
            name=entry.name,
            optimizer=optimizer,
            effect=effect(machine, entry.rate, bound.values, place),
            place=at,
            call=place,
            site=machine.activation.site,
            conditions=state.conditions,
            assumed=machine.assumed,
            exceptional=state.exceptional,
            moment=machine.facts.tick(),
        )
    )


def owners(machine: Machine, value: Value, depth: int = 0) -> frozenset[ObjectId]:
    """Every layer whose parameters are somewhere in what an optimizer was given."""
    if isinstance(value, Parameters):
        return value.owners
    if isinstance(value, Tensor):
        return value.live
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
