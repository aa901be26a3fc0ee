"""Passes of which nothing is recorded, and whose result is to go backward all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.gradients import ADDED, SCALED, Gradients, is_of_weights, terms
from trainlint.run.orders import Order
from trainlint.run.subjects import Subject
from trainlint.semantics import iterators
from trainlint.semantics.events import Event
from trainlint.semantics.evidence import Step, visible
from trainlint.semantics.facts import Objective
from trainlint.semantics.natives.networks import gathered
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
    a larger network may be meant to stay as it is.
    """
    off = [each.event for each in machine.facts.events if each.event is not None and _is_off(each.event)]
    moved = frozenset().union(*(order.made.owners for order in orders if order.updates))
    for objective in machine.facts.objectives if off and moved else ():
        value = objective.value
        if not isinstance(value, Tensor) or objective.exceptional:
            continue
        anew = _is_begun_anew(machine, value)
        if not value.cut & moved and not anew:
            continue
        nodes = _history(machine, value)
        place = visible(objective.place, objective.site)
        if nodes is None or place is None:
            continue
        penalty = _penalties(machine, value)
        whole = (not value.live or anew) and not penalty
        alone = penalty and not _through(machine, value)
        lost = moved if whole or alone else _lost(machine, gradients, gradients.reached)
        given = _given(machine, orders)
        for event in off if lost else ():
            own = event.weights & moved
            if own and own <= lost and nodes.intersection(event.results) and (whole or alone or _is_of(event, given)):
                yield from _made(event, objective, place, whole=whole)


def _is_of(event: Event, networks: frozenset[ObjectId]) -> bool:
    return event.subjects is not None and not event.subjects.isdisjoint(networks)


def _is_begun_anew(machine: Machine, value: Tensor) -> bool:
    """Whether the gradient of a loss ends at tensors alone that were told afterwards to have one."""
    return bool(value.live) and not value.live & machine.made.keys() and not value.cut


def _penalties(machine: Machine, value: Tensor) -> bool:
    """Whether a part of a loss is made of nothing but weights."""
    pending: list[Value] = [value]
    seen: set[Node | None] = set()
    while pending:
        each = pending.pop()
        if each.origin in seen:
            continue
        if is_of_weights(machine, each):
            return True
        seen.add(each.origin)
        pending += each.origin.inputs if each.origin is not None and each.origin.op in ADDED | SCALED else ()
    return False


def _through(machine: Machine, value: Value) -> frozenset[ObjectId]:
    """The weights that the gradient of a loss reaches otherwise than by a penalty on the weights themselves."""
    several = terms(value) if isinstance(value, Tensor) else ()
    return frozenset().union(*(each.live for each in several if not is_of_weights(machine, each)))


def _lost(machine: Machine, gradients: Gradients, reached: frozenset[ObjectId]) -> frozenset[ObjectId]:
    """Weights that are to be trained, and that surely no gradient reaches."""
    if gradients.open or machine.facts.read_gradients:
        return frozenset()
    return gradients.moved - reached - machine.facts.frozen.keys() - gradients.set_by_others


def _given(machine: Machine, orders: tuple[Order, ...]) -> frozenset[ObjectId]:
    """The networks all of whose parameters were asked for, to be given to optimizers."""
    found: set[ObjectId] = set()
    used = {order.made.optimizer.id for order in orders if order.updates}
    pending: list[Value] = [order.made.parameters for order in orders if order.updates]
    pending += (each.parameters for each in machine.facts.rates if each.optimizer.id in used)
    while pending:
        node = pending.pop().origin
        if node is not None and node.op == iterators.MADE:
            networks = (each for each in node.inputs[:1] if isinstance(each, Object))
            found.update(part.id for each in networks for part in gathered(machine, each))
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


def _history(machine: Machine, value: Value) -> set[Node] | None:
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
                if is_of_weights(machine, each):
                    continue
                if origin.op in _FROM_OUTSIDE:
                    return None
                if origin.op in _TAKEN_OUT:
                    continue
            pending.append(each)
    return found
