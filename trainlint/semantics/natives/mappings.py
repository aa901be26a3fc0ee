"""Dictionaries and their methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainlint.semantics import containers, optimizers, outside, tables, truth
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
    Tensor,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


@native("builtins.dict", "collections.OrderedDict", "dict.copy", "types.MappingProxyType", "frozendict.frozendict")
def _dict(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items: list[tuple[Value, Value]] = []
    rest = (given.rest or machine.unknown("entries that were not followed", place)) if given.open else None
    for each in given.positional:
        mapping = _as_mapping(machine, each.value, place)
        items, rest = containers.updated(items, mapping.items), mapping.rest or rest
    items = containers.updated(items, [(Text(name), each.value) for name, each in given.keywords])
    return containers.new_dict(machine, tuple(items), rest, place)


def _as_mapping(machine: Machine, value: Value, place: Place | None) -> Mapping:
    """A dictionary, or what its pairs would make; entries that were not followed are the rest."""
    mapping = containers.entries_of(machine, value)
    if mapping is not None:
        return mapping
    table = machine.narrow(value)
    if isinstance(table, Tensor) and tables.columns_of(table) is not None:
        return Mapping(tuple(tables.pairs(machine, table, place)))
    sequence = containers.items_of(machine, value)
    if sequence is None:
        return Mapping(rest=outside.entries(machine, value, place))
    items: list[tuple[Value, Value]] = []
    rest: Value | None = None
    for pair in sequence.known:
        parts = containers.items_of(machine, pair)
        if parts is not None and parts.exact and len(parts.head) == 2:
            if pair is sequence.middle:
                rest = parts.head[1]
            else:
                items = containers.updated(items, [(parts.head[0], parts.head[1])])
    return Mapping(tuple(items), rest)


@native("collections.defaultdict")
def _defaultdict(machine: Machine, given: Arguments, place: Place | None) -> Value:
    rest: Value = machine.unknown("an entry of a default dictionary", place)
    factory = first_of(machine, given)
    if not isinstance(factory, Nothing):
        made = machine.call(factory, arguments(), place)
        rest = made if isinstance(made, Number | Text | Flag | Nothing) else rest
        if isinstance(made, Object):
            book = containers.new_dict(machine, (), None, place)
            machine.heap.set(book.id, containers.FACTORY, factory)
            return book
    return containers.new_dict(machine, (), rest, place)


@native("builtins.dict.fromkeys", "collections.OrderedDict.fromkeys", "dict.fromkeys")
def _from_keys(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """A dictionary with one value under each of several keys."""
    keys = containers.items_of(machine, given.positional[0].value) if given.positional else None
    if keys is None:
        return machine.unknown("a dictionary of keys that were not followed", place)
    value = given.positional[1].value if len(given.positional) > 1 else machine.nothing
    return containers.new_dict(
        machine, tuple((each, value) for each in keys.head), None if keys.exact else value, place
    )


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


@native("dict.__setitem__", "list.__setitem__", "operator.setitem")
def _setitem(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder, key, value = (each.value for each in given.positional[:3])
    if isinstance(holder, Object):
        containers.put(machine, holder, key, value, place)
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


@native("dict.update", "builtins.dict.update")
def _update(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder = given.positional[0].value
    held = containers.mapping_of(machine, holder)
    owner = containers.attributes_of(holder)
    if owner is not None:
        _update_attributes(machine, owner, given, place)
    if not isinstance(holder, Object) or held is None:
        return machine.nothing
    items, rest = list(held.items), held.rest
    for each in given.positional[1:]:
        mapping = _as_mapping(machine, each.value, place)
        if mapping.rest is not None and (outside.is_outside(mapping.rest) or isinstance(each.value, Unknown)):
            items = list(outside.overwritten(machine, items, mapping.rest, place))
        items, rest = containers.updated(items, mapping.items), mapping.rest or rest
    items = containers.updated(items, [(Text(name), each.value) for name, each in given.keywords])
    machine.heap.set(holder.id, ITEMS, Mapping(tuple(items), rest))
    places: dict[Value, Place | None] = {Text(name): each.place for name, each in given.keywords}
    before = dict(held.items)
    for key, value in items:
        if before.get(key) is not value:
            optimizers.item_set(machine, holder, key, before.get(key), places.get(key) or place)
    return machine.nothing


def _update_attributes(machine: Machine, owner: Object, given: Arguments, place: Place | None) -> None:
    """``vars(x).update(…)``."""
    for each in given.positional[1:]:
        mapping = containers.mapping_of(machine, each.value)
        if mapping is None:
            outside.open_attributes(machine, owner.id, each.value, place)
        for key, value in mapping.items if mapping is not None else ():
            if isinstance(key, Text) and key.text is not None:
                machine.set_attribute(owner, key.text, value)
    for name, more in given.keywords:
        machine.set_attribute(owner, name, more.value)


# Dictionaries from outside of the program -----------------------------------------------------------------------------


@native("outside.get", "outside.pop", "outside.setdefault")
def _outside_get(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """An entry; the default in the program is what ships."""
    data, key, default = first_of(machine, given), nth(machine, given, 1), nth(machine, given, 2, "default")
    found = outside.item(machine, data, key or machine.nothing, place)
    if key is None or not isinstance(default, Number | Text | Flag) or not outside.is_outside(found):
        return found
    return outside.with_default(machine, data, key, default, place)


@native("outside.items")
def _outside_items(machine: Machine, given: Arguments, place: Place | None) -> Value:
    data = first_of(machine, given)
    pair = Sequence((machine.unknown("a key that is not known", place, data), outside.entries(machine, data, place)))
    return Sequence(middle=pair, kind="iterator", endless=True)


@native("outside.values")
def _outside_values(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Sequence(middle=outside.entries(machine, first_of(machine, given), place), kind="iterator", endless=True)


@native("outside.keys")
def _outside_keys(machine: Machine, given: Arguments, place: Place | None) -> Value:
    key = machine.unknown("a key that is not known", place, first_of(machine, given))
    return Sequence(middle=key, kind="iterator", endless=True)


@native("outside.copy")
def _outside_copy(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return first_of(machine, given)


@native("outside.update")
def _outside_update(machine: Machine, given: Arguments, place: Place | None) -> Value:
    data = first_of(machine, given)
    pairs: list[tuple[Value, Value]] = [(Text(name), each.value) for name, each in given.keywords]
    for each in given.positional[1:]:
        mapping = containers.mapping_of(machine, each.value)
        pairs += () if mapping is None else mapping.items
    for key, value in pairs:
        outside.put(machine, data, key, value)
    return machine.nothing
