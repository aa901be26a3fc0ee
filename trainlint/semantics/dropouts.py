"""Dropouts: every probability with which values are dropped, where it is given and where it is used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trainlint.semantics import lasting
from trainlint.semantics.facts import DropoutMet
from trainlint.semantics.values import Flag, Object, Place, Site, Tensor, Value

if TYPE_CHECKING:
    from trainlint.knowledge.library import Entry
    from trainlint.semantics.libraries import Binding
    from trainlint.semantics.machine import Machine


def given(machine: Machine, made: Object, entry: Entry, bound: Binding, place: Place) -> None:
    """A layer is built; what it drops by itself lies between weights of its own."""
    for name in (*entry.drops, *entry.keeps):
        if name not in bound.values:
            continue
        at = machine.item_places[made.id, name] = bound.places.get(name, place)
        _note(machine, entry, name, bound.values[name], entry.weights, at, place, made.id.site)


def applied(machine: Machine, entry: Entry, layer: Object, values: dict[str, Value], inputs: Iterable[str]) -> None:
    """A layer is called; what it drops was computed with weights, or it was not."""
    call = layer.id.place
    if entry.weights or call is None:
        return
    hidden = _is_hidden(values[name] for name in inputs if name in values)
    for name in (*entry.drops, *entry.keeps):
        if name in values:
            at = machine.item_places.get((layer.id, name), call)
            _note(machine, entry, name, values[name], hidden, at, call, layer.id.site)


def called(machine: Machine, entry: Entry, bound: Binding, place: Place) -> None:
    """A function drops values of its arguments."""
    lasting.noted(machine, entry, bound, place)
    active = bound.values.get(entry.roles.get("training", "training"))
    if isinstance(active, Flag) and active.truth is False:
        return
    hidden = _is_hidden(bound.values.values())
    for name in (*entry.drops, *entry.keeps):
        if name in bound.values:
            at = bound.places.get(name, place)
            _note(machine, entry, name, bound.values[name], hidden, at, place, machine.activation.site)


def _is_hidden(values: Iterable[Value]) -> bool:
    return any(isinstance(each, Tensor) and bool(each.live or each.cut) for each in values)


def _note(
    machine: Machine, entry: Entry, name: str, value: Value, hidden: bool, place: Place, call: Place, site: Site
) -> None:
    state = machine.now
    machine.facts.dropouts.append(
        DropoutMet(
            name=entry.name,
            value=value,
            keeps=name in entry.keeps,
            hidden=hidden,
            place=place,
            call=call,
            site=site,
            conditions=state.conditions,
            assumed=machine.assumed,
            exceptional=state.exceptional,
        )
    )
