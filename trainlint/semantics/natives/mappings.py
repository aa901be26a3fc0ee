"""Dictionaries and their methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainlint.semantics import containers, truth
from trainlint.semantics.heap import ITEMS
from trainlint.semantics.machine import Arguments, arguments
from trainlint.semantics.natives.registry import first_of, native, nth, with_second
from trainlint.semantics.values import (
    Choice,
    Flag,
    Mapping,
    Nothing,
    Number,
    Object,
    Place,
    Sequence,
    Text,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


@native("builtins.dict", "collections.OrderedDict", "dict.copy", "types.MappingProxyType", "frozendict.frozendict")
def _dict(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items: list[tuple[Value, Value]] = []
    rest: Value | None = machine.unknown("entries that were not followed", place) if given.open else None
    for each in given.positional:
        mapping = containers.mapping_of(machine, each.value)
        if mapping is not None:
            items, rest = containers.updated(items, mapping.items), mapping.rest or rest
            continue
        sequence = containers.items_of(machine, each.value)
        for pair in sequence.known if sequence is not None else ():
            parts = containers.items_of(machine, pair)
            if parts is not None and parts.exact and len(parts.head) == 2:
                if sequence is not None and pair is sequence.middle:
                    rest = parts.head[1]
                else:
                    items = containers.updated(items, [(parts.head[0], parts.head[1])])
        if sequence is None:
            rest = machine.unknown("a dictionary of something that was not followed", place, each.value)
    items = containers.updated(items, [(Text(name), each.value) for name, each in given.keywords])
    return containers.new_dict(machine, tuple(items), rest, place)


@native("collections.defaultdict")
def _defaultdict(machine: Machine, given: Arguments, place: Place | None) -> Value:
    rest: Value = machine.unknown("an entry of a default dictionary", place)
    factory = first_of(machine, given)
    if not isinstance(factory, Nothing):
        made = machine.call(factory, arguments(), place)
        rest = made if isinstance(made, Number | Text | Flag | Nothing) else rest
    return containers.new_dict(machine, (), rest, place)


@native("dict.setdefault")
def _setdefault(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder, key = given.positional[0].value, machine.narrow(given.positional[1].value)
    mapping = containers.mapping_of(machine, holder, key)
    default = nth(machine, given, 2) or machine.nothing
    if mapping is not None and mapping.rest is None and not any(held == key for held, _ in mapping.items):
        containers.set_item(machine, holder, key, default, place or Place("", 0, 0))
        return default
    return _get(machine, given, place)


@native("dict.pop")
def _pop(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value = _get(machine, given, place)
    containers.delete_item(machine, given.positional[0].value, given.positional[1].value, place or Place("", 0, 0))
    return value


@native("dict.get")
def _get(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder, key = given.positional[0].value, machine.narrow(given.positional[1].value)
    default = nth(machine, given, 2)
    mapping = containers.mapping_of(machine, holder, key)
    if mapping is None:
        return machine.unknown("a dictionary that was not followed", place)
    if isinstance(key, Choice):
        return machine.split(key, lambda one: _get(machine, with_second(given, one), place))
    certain = (isinstance(key, Text) and key.text is not None) or (isinstance(key, Number) and key.exact is not None)
    if mapping.rest is None and certain and not any(held == key for held, _ in mapping.items):
        return default if default is not None else machine.nothing
    return containers.item(machine, holder, key, place or Place("", 0, 0))


@native("dict.__getitem__", "list.__getitem__")
def _getitem(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder, key = (each.value for each in given.positional[:2])
    mapping = containers.mapping_of(machine, holder, key)
    return containers.item(machine, mapping if mapping is not None else holder, key, place or Place("", 0, 0))


@native("dict.__setitem__", "list.__setitem__")
def _setitem(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder, key, value = (each.value for each in given.positional[:3])
    if isinstance(holder, Object):
        containers.put(machine, holder, key, value)
    return machine.nothing


@native("dict.__contains__")
def _contains(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder, key = (each.value for each in given.positional[:2])
    return truth.contained(machine, key, containers.mapping_of(machine, holder, key) or machine.unknown("in", place))


@native("dict.items")
def _items(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return _view(machine, given, place, lambda key, value: Sequence((key, value)))


@native("dict.keys")
def _keys(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return _view(machine, given, place, lambda key, value: key)


@native("dict.values")
def _values(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return _view(machine, given, place, lambda key, value: value)


def _view(machine: Machine, given: Arguments, place: Place | None, pick: Callable[[Value, Value], Value]) -> Value:
    mapping = containers.mapping_of(machine, given.positional[0].value)
    if mapping is None:
        return machine.unknown("a dictionary that was not followed", place)
    middle = None
    if mapping.rest is not None:
        middle = pick(machine.unknown("a key that is not known", place), mapping.rest)
    return Sequence(tuple(pick(key, value) for key, value in mapping.items), middle, kind="iterator")


@native("dict.update")
def _update(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder = given.positional[0].value
    held = containers.mapping_of(machine, holder)
    owner = containers.attributes_of(holder)
    if owner is not None:
        _update_attributes(machine, owner, given)
    if not isinstance(holder, Object) or held is None:
        return machine.nothing
    items, rest = list(held.items), held.rest
    for each in given.positional[1:]:
        mapping = containers.mapping_of(machine, each.value)
        if mapping is None:
            items = list(containers.overwritten(machine, items, each.value, place))
            rest = machine.unknown("entries that were not followed", place, each.value)
        else:
            items, rest = containers.updated(items, mapping.items), mapping.rest or rest
    items = containers.updated(items, [(Text(name), each.value) for name, each in given.keywords])
    machine.heap.set(holder.id, ITEMS, Mapping(tuple(items), rest))
    return machine.nothing


def _update_attributes(machine: Machine, owner: Object, given: Arguments) -> None:
    """``vars(x).update(…)``."""
    for each in given.positional[1:]:
        mapping = containers.mapping_of(machine, each.value)
        for key, value in mapping.items if mapping is not None else ():
            if isinstance(key, Text) and key.text is not None:
                machine.set_attribute(owner, key.text, value)
    for name, more in given.keywords:
        machine.set_attribute(owner, name, more.value)
