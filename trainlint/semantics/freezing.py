"""Freezing: which weights are not trained, because somebody has said so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trainlint.semantics.heap import FROZEN, LEAF
from trainlint.semantics.immutable import evolve
from trainlint.semantics.values import Flag, ObjectId, Parameters, Place, Tensor, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

WEIGHTS = ("weight", "bias")  # how the names of nearly all parameters of layers begin


def asked(machine: Machine, owner: ObjectId) -> bool | None:
    """Whether weights are frozen; None if they may be."""
    held = machine.heap.get(owner, FROZEN)
    if isinstance(held, Flag):
        return held.truth
    leaf = machine.heap.get(machine.buffers, str(owner.serial)) if owner.serial else None
    if isinstance(leaf, Tensor) and (owner in leaf.live or owner in leaf.cut):
        return False if not leaf.cut else True if not leaf.live else None
    return False


def are_trained(machine: Machine, owners: Iterable[ObjectId]) -> bool | None:
    """Whether weights ask for gradients; None if some may not, or some do and others do not."""
    answers = {asked(machine, owner) for owner in owners}
    return not answers.pop() if len(answers) == 1 and None not in answers else None


def trained(machine: Machine, owners: Iterable[ObjectId]) -> frozenset[ObjectId]:
    """Those of these weights that are not surely frozen."""
    return frozenset(owner for owner in owners if asked(machine, owner) is not True)


def set_trained(machine: Machine, owners: Iterable[ObjectId], wanted: bool | None, place: Place | None) -> None:
    """Have weights ask for gradients, or not; None if nobody knows which."""
    held = frozenset(owners)
    facts = machine.facts
    if wanted is False:
        facts.frozen.update(dict.fromkeys(held, place))
    else:
        facts.thawed |= held
    for owner in held:
        if machine.heap.has(owner):
            machine.heap.set(owner, FROZEN, Flag(None if wanted is None else not wanted))
        elif owner.serial:
            _set_leaf(machine, owner, wanted, place)


def _set_leaf(machine: Machine, owner: ObjectId, wanted: bool | None, place: Place | None) -> None:
    slot = str(owner.serial)
    leaf = machine.heap.get(machine.buffers, slot)
    if isinstance(leaf, Tensor) and owner in leaf.live | leaf.cut:
        live, cut = frozenset[ObjectId](), frozenset({owner})
        if wanted is not False:
            live, cut = cut, live if wanted else cut
        machine.heap.set(machine.buffers, slot, evolve(leaf, live=live, cut=cut))


def _set_part(machine: Machine, value: Parameters, wanted: bool | None, place: Place | None) -> None:
    """One of the parameters of a layer; the layer is frozen when the others are too."""
    for owner in value.owners:
        if not machine.heap.has(owner):
            continue
        before = machine.heap.get(owner, FROZEN) or Flag(False)
        machine.heap.set(owner, f"{FROZEN} {value.part}", Flag(None if wanted is None else not wanted))
        parts = [machine.heap.get(owner, f"{FROZEN} {each}") or before for each in WEIGHTS]
        answers = {each.truth if isinstance(each, Flag) else None for each in parts}
        if answers == {True}:
            set_trained(machine, {owner}, False, place)
        elif answers == {False}:
            set_trained(machine, {owner}, True, place)
        else:
            machine.facts.frozen.setdefault(owner, place)
            machine.heap.set(owner, FROZEN, Flag(None))


def put(machine: Machine, value: Value, new: Value, place: Place | None) -> None:
    """``p.requires_grad = new`` for a parameter, for each of several, or for one of them."""
    wanted = new.truth if isinstance(new, Flag) else None
    if isinstance(value, Parameters) and value.part in WEIGHTS:
        _set_part(machine, value, wanted, place)
    elif isinstance(value, Parameters):
        set_trained(machine, value.owners, wanted if value.complete or value.each else None, place)
    elif isinstance(value, Tensor) and value.origin is not None and value.origin.op == LEAF:
        set_trained(machine, value.live | value.cut, wanted, place)
