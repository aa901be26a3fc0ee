"""Iterators over parameters: who goes through one a second time finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import evolve

from trainlint.semantics import freezing
from trainlint.semantics.heap import MARK
from trainlint.semantics.values import Flag, Node, ObjectId, Parameters, Place, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

MADE = "parameters"  # the operation that makes such an iterator
PICKED = "picked"  # that of an iterator over some of the parameters of others


def use_up(machine: Machine, value: Value, place: Place | None) -> None:
    """Somebody goes through ``value`` to its end."""
    node = _maker(value)
    if node is not None:
        machine.heap.set(_spent(machine), f"{MARK}{node.born}", Flag(True))
        machine.facts.spent.setdefault(node, place)


def used_up(machine: Machine, value: Value) -> Node | None:
    """The call that made an iterator which surely has come to its end."""
    node = _maker(value)
    held = None if node is None else machine.heap.get(_spent(machine), f"{MARK}{node.born}")
    return node if isinstance(held, Flag) and held.truth is True else None


def chosen(machine: Machine, whole: Parameters, test: Callable[[Parameters], bool | None]) -> Parameters:
    """Those parameters that pass a test, asked once of all that are alike."""
    groups: dict[bool | None, set[ObjectId]] = {}
    for owner in whole.owners:
        groups.setdefault(freezing.asked(machine, owner), set()).add(owner)
    kept, complete = set[ObjectId](), whole.complete
    for group in groups.values():
        answer = test(evolve(whole, owners=frozenset(group), complete=False, each=True, lazy=False))
        complete = complete and answer is not None
        kept |= set() if answer is False else group
    return evolve(whole, owners=frozenset(kept), complete=complete)


def picked(machine: Machine, chosen: Parameters, given: tuple[Value, ...], place: Place | None) -> Parameters:
    """An iterator over parameters that come from ``given``: it ends by itself, whatever others do to these."""
    begin(machine)
    return evolve(chosen, lazy=True, origin=Node(PICKED, place, given))


def _maker(value: Value) -> Node | None:
    if not isinstance(value, Parameters) or not value.lazy:
        return None
    node = value.origin
    while node is not None and node.op not in (MADE, PICKED):
        node = node.inputs[0].origin if node.inputs else None
    return node


def _spent(machine: Machine) -> ObjectId:
    """The record that says of each iterator whether it was used; it must be there before paths part."""
    return machine.identity(None, -2, machine.root_site)


def begin(machine: Machine) -> None:
    """Prepare for iterators on the present path."""
    if not machine.heap.has(_spent(machine)):
        machine.heap.clear(_spent(machine))
