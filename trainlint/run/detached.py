"""Optimizers that do not move the weights which are trained, and how that came about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.gradients import NOBODY, Gradients, Owners
from trainlint.run.orders import Order, in_one_turn
from trainlint.run.subjects import Subject
from trainlint.semantics import iterators, optimizers
from trainlint.semantics.evidence import Step, visible
from trainlint.semantics.facts import OptimizerMade, Told
from trainlint.semantics.natives.networks import modules
from trainlint.semantics.values import Object, ObjectId, Parameters, Place, Tensor, Unknown, Value, options

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

SPENT, EMPTY, FROZEN, OTHER, ADDED = "spent", "empty", "frozen", "other", "added"


@frozen(eq=False, kw_only=True)
class Detached(Subject):
    """An optimizer was given parameters that are not those which are trained.

    ``kind`` says why: the iterator over them was ``spent``, no parameter passed the filter (``empty``), all are
    ``frozen``, they are those of ``other`` layers, or layers were ``added`` that it does not hold.
    """

    made: OptimizerMade | None
    kind: str
    steps: tuple[Step, ...]


def detached(machine: Machine, orders: tuple[Order, ...], gradients: Gradients) -> Iterator[Detached]:
    """Every such optimizer."""
    for made in machine.facts.optimizers:
        if made.spent is not None:
            yield from _made(machine, made, SPENT, machine.facts.spent.get(made.spent))
        elif _holds_none(machine, made.parameters) and machine.facts.frozen:
            yield from _made(machine, made, EMPTY, next(iter(machine.facts.frozen.values())))
    if gradients.open or machine.facts.read_gradients:
        return
    held = {each: each.owners | _added_to(machine, each) for each in machine.facts.optimizers}
    anyone = NOBODY.union(*held.values(), *machine.facts.trained.values())
    yield from _told(machine, gradients, anyone)
    for order in orders:
        if order.updates:
            yield from _of_order(machine, order, gradients, held[order.made], anyone)


def _holds_none(machine: Machine, given: Value) -> bool:
    """Whether surely no parameters are left of those that were picked."""
    known = isinstance(given, Parameters) and given.complete
    return known and not any(_is_weight(machine, each) for each in optimizers.owners(machine, given))


def _of_order(machine: Machine, order: Order, gradients: Gradients, held: Owners, anyone: Owners) -> Iterator[Detached]:
    """An optimizer that holds these weights; ``anyone`` are those that some optimizer holds."""
    made, facts = order.made, machine.facts
    weights = frozenset(each for each in held if _is_weight(machine, each))
    if weights and not held & gradients.reached:
        trained = _trained(machine, order, anyone)
        if weights <= facts.frozen.keys() - gradients.thawed:
            yield from _made(machine, made, FROZEN, next(iter(facts.frozen[each] for each in weights)))
        elif trained is not None and _are_left_out(machine, gradients, held):
            yield from _made(machine, made, OTHER, trained)
    elif weights:
        added = _of_networks(machine, made) & gradients.surely - anyone - facts.frozen.keys()
        for owner in added:
            if _is_weight(machine, owner):
                yield from _made(machine, made, ADDED, visible(owner.place, owner.site))
                return


def _told(machine: Machine, gradients: Gradients, held: Owners) -> Iterator[Detached]:
    """Optimizers that are told late what to move."""
    facts = machine.facts
    losses = [each for each in facts.objectives if not each.exceptional]
    for told in facts.told:
        weights = frozenset(each for each in told.owners if _is_weight(machine, each))
        if told.exceptional or not losses:
            continue
        if not weights:
            yield from _frozen(machine, told, gradients)
        elif gradients.surely - held and _are_left_out(machine, gradients, told.owners):
            yield from _at(told, OTHER, visible(losses[0].place, losses[0].site))


def _frozen(machine: Machine, told: Told, gradients: Gradients) -> Iterator[Detached]:
    """An optimizer that is to move what is trained, where all is frozen that takes part in the losses."""
    held = frozenset(machine.facts.frozen.keys() - gradients.thawed)
    if not held or gradients.reached:
        return
    for objective in machine.facts.objectives:
        value = objective.value
        if not isinstance(value, Tensor) or not value.cut or not value.cut <= held:
            return
    yield from _at(told, FROZEN, next(iter(machine.facts.frozen.values())))


def _at(told: Told, kind: str, why: Place | None) -> Iterator[Detached]:
    place = visible(told.place, told.site)
    if place is not None:
        yield Detached(
            made=None,
            kind=kind,
            steps=() if why is None else (Step(why, kind, ""),),
            place=place,
            call=place,
            conditions=told.conditions,
            assumed=told.assumed,
            exceptional=False,
        )


def _trained(machine: Machine, order: Order, held: Owners) -> Place | None:
    """Where weights that no optimizer holds are sent backward in the turn of a step."""
    for trace in machine.facts.events:
        event = trace.event
        if event is None or event.kind != "backward" or event.exceptional or not event.certain:
            continue
        others = () if event.subjects is None else event.subjects - held
        if any(_is_weight(machine, each) for each in others) and any(
            in_one_turn(event.site, each.event.site) for each in order.updates
        ):
            return visible(event.place, event.site)
    return None


def _are_left_out(machine: Machine, gradients: Gradients, held: Owners) -> bool:
    """Whether weights have surely no part in anything that is sent backward."""
    if held & gradients.reached or not all(_is_whole(machine, each) for each in held):
        return False
    return not gradients.involve(held)


def _is_weight(machine: Machine, owner: ObjectId) -> bool:
    """Whether an owner has weights of its own, and not only layers that have."""
    return owner in machine.facts.layers or machine.made.get(owner) is None


def _is_whole(machine: Machine, owner: ObjectId) -> bool:
    """Whether all that an object holds is known."""
    held = machine.heap.record(owner).values()
    return not any(isinstance(option, Unknown) for each in held for _, option in options(each))


def _of_networks(machine: Machine, made: OptimizerMade) -> Owners:
    """What the networks consist of now whose parameters an optimizer was given, all of them."""
    found: set[ObjectId] = set()
    for _, each in options(made.parameters):
        node = each.origin if isinstance(each, Parameters) and each.complete else None
        while node is not None and node.op != iterators.MADE:
            node = node.inputs[0].origin if node.inputs else None
        network = None if node is None else node.inputs[0]
        if isinstance(network, Object):
            found.update(one.id for one in modules(machine, network))
    return frozenset(found)


def _added_to(machine: Machine, made: OptimizerMade) -> Owners:
    """The weights of groups that were added to an optimizer."""
    groups = machine.heap.get(made.optimizer.id, optimizers.GROUPS)
    held = NOBODY if groups is None else optimizers.owners(machine, groups)
    return held.union(
        *(
            optimizers.owners(machine, each.parameters)
            for each in machine.facts.rates
            if each.optimizer.id is made.optimizer.id
        )
    )


def _made(machine: Machine, made: OptimizerMade, kind: str, why: Place | None) -> Iterator[Detached]:
    place = visible(made.given, made.optimizer.id.site)
    call = visible(made.place, made.optimizer.id.site)
    if place is not None and call is not None:
        yield Detached(
            made=made,
            kind=kind,
            steps=() if why is None else (Step(why, kind, ""),),
            place=place,
            call=call,
            conditions=made.conditions,
            assumed=made.assumed,
            exceptional=False,
        )
