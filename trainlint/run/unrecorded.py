"""Passes of which nothing is recorded, and whose result is to go backward all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.orders import Order
from trainlint.run.subjects import Subject
from trainlint.semantics.events import Event
from trainlint.semantics.evidence import Step, visible
from trainlint.semantics.facts import Objective
from trainlint.semantics.values import Node, Tensor, Unknown, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_TAKEN_OUT = frozenset({"one", "item", "part", "entries"})  # of something else, as batches are
_FROM_OUTSIDE = frozenset({"called", "unknown"})
_INDEX = "index"  # the operation that picks elements: no gradient comes to what it picks them by


@frozen(eq=False, kw_only=True)
class Unrecorded(Subject):
    """A network that an optimizer trains is called with gradients off, and no gradient reaches its loss at all."""

    backward: tuple[Step, ...]


def unrecorded(machine: Machine, orders: tuple[Order, ...]) -> Iterator[Unrecorded]:
    """Every such pass of weights that an optimizer moves."""
    off = [each.event for each in machine.facts.events if each.event is not None and _is_off(each.event)]
    moved = frozenset().union(*(order.made.owners for order in orders if order.updates))
    for objective in machine.facts.objectives if off and moved else ():
        value = objective.value
        if not isinstance(value, Tensor) or value.live or not value.cut & moved or objective.exceptional:
            continue
        nodes = _history(value)
        place = visible(objective.place, objective.site)
        for event in off if nodes is not None and place is not None else ():
            if nodes is not None and place is not None and event.weights & moved and nodes.intersection(event.results):
                yield from _made(event, objective, Step(place, "backward", "", "this needs gradients"))


def _is_off(event: Event) -> bool:
    return event.kind == "forward" and not event.gradient and not event.exceptional


def _made(event: Event, objective: Objective, backward: Step) -> Iterator[Unrecorded]:
    place = visible(event.place, event.site)
    if place is not None:
        yield Unrecorded(
            backward=(backward,),
            place=place,
            call=place,
            conditions=objective.conditions,
            assumed=objective.assumed,
            exceptional=False,
        )


def _history(value: Value) -> set[Node] | None:
    """The operations that a loss is made of; None if something took part in it that was not followed."""
    found: set[Node] = set()
    pending: list[Value] = [value]
    while pending:
        node = pending.pop().origin
        if node is None or node in found:
            continue
        found.add(node)
        for each in node.inputs[:1] if node.op == _INDEX else node.inputs:
            origin = each.origin
            if isinstance(each, Unknown) and origin is not None:
                if origin.op in _FROM_OUTSIDE:
                    return None
                if origin.op in _TAKEN_OUT:
                    continue
            pending.append(each)
    return found
