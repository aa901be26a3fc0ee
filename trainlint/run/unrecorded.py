"""Passes of which nothing is recorded, and whose result is to go backward all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.gradients import Gradients, set_by_others, terms_of
from trainlint.run.orders import Order
from trainlint.run.subjects import Subject
from trainlint.semantics import iterators
from trainlint.semantics.events import Event
from trainlint.semantics.evidence import Step, visible
from trainlint.semantics.facts import Objective
from trainlint.semantics.values import Node, Object, ObjectId, Place, Tensor, Unknown, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_TAKEN_OUT = frozenset({"one", "item", "part", "entries"})  # of something else, as batches are
_FROM_OUTSIDE = frozenset({"called", "unknown"})
_INDEX = "index"  # the operation that picks elements: no gradient comes to what it picks them by


@frozen(eq=False, kw_only=True)
class Unrecorded(Subject):
    """A network that an optimizer trains is called with gradients off, and no gradient reaches it at all.

    ``whole`` says that its loss has no gradient for anybody.
    """

    whole: bool
    backward: tuple[Step, ...]


def unrecorded(machine: Machine, orders: tuple[Order, ...], gradients: Gradients) -> Iterator[Unrecorded]:
    """Every such pass of weights that an optimizer moves.

    Where the gradient of the loss reaches others, these must have been given to the optimizer by themselves: a part of
    a larger network may be meant to stay as it is. A gradient that only keeps weights small trains nobody.
    """
    events = [each.event for each in machine.facts.events if each.event is not None]
    off = [each for each in events if _is_off(each)]
    made = {node for each in events if each.kind == "forward" for node in each.results} if off else set()
    moved = frozenset().union(*(order.made.owners for order in orders if order.updates))
    for objective in machine.facts.objectives if off and moved else ():
        value = objective.value
        if not isinstance(value, Tensor) or objective.exceptional:
            continue
        is_penalty = bool(value.live) and _is_penalty(value, made)
        if not is_penalty and not value.cut & moved:
            continue
        nodes = _history(value)
        place = visible(objective.place, objective.site)
        if nodes is None or place is None:
            continue
        whole = is_penalty or not value.live
        lost = moved if whole else _lost(machine, gradients)
        given = _given(machine, orders)
        for event in off if lost else ():
            own = event.weights & moved
            if own and own <= lost and nodes.intersection(event.results) and (whole or _is_of(event, given)):
                yield from _made(event, objective, place, whole=not value.live)


def _is_penalty(loss: Tensor, made: set[Node]) -> bool:
    """Whether the gradient of a loss comes from weights alone, and from nothing that a network has made of them."""
    live = [_history(each) for each in terms_of(loss) if each.live]
    return all(nodes is not None and nodes.isdisjoint(made) for nodes in live)


def _is_of(event: Event, networks: frozenset[ObjectId]) -> bool:
    return event.subjects is not None and not event.subjects.isdisjoint(networks)


def _lost(machine: Machine, gradients: Gradients) -> frozenset[ObjectId]:
    """Weights that are to be trained, and that surely no gradient reaches."""
    if gradients.open or machine.facts.read_gradients:
        return frozenset()
    return gradients.moved - gradients.reached - machine.facts.frozen.keys() - set_by_others(machine)


def _given(machine: Machine, orders: tuple[Order, ...]) -> frozenset[ObjectId]:
    """The networks all of whose parameters were asked for, to be given to optimizers."""
    found: set[ObjectId] = set()
    used = {order.made.optimizer.id for order in orders if order.updates}
    pending: list[Value] = [order.made.parameters for order in orders if order.updates]
    pending += (each.parameters for each in machine.facts.rates if each.optimizer.id in used)
    while pending:
        node = pending.pop().origin
        if node is not None and node.op == iterators.MADE:
            found.update(each.id for each in node.inputs[:1] if isinstance(each, Object))
        elif node is not None:
            pending += node.inputs
    return frozenset(found)


def _is_off(event: Event) -> bool:
    return event.kind in ("forward", "part") and not event.gradient and not event.exceptional


def _made(event: Event, objective: Objective, backward: Place, *, whole: bool) -> Iterator[Unrecorded]:
    place = visible(event.place, event.site)
    if place is not None:
        yield Unrecorded(
            whole=whole,
            backward=(Step(backward, "backward", "", "this needs gradients"),),
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
