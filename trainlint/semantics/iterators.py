"""Iterators over parameters: who goes through one a second time finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainlint.semantics import freezing
from trainlint.semantics.heap import MARK
from trainlint.semantics.immutable import evolve
from trainlint.semantics.values import Flag, Node, ObjectId, Parameters, Place, Sequence, Text, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

MADE = "parameters"  # the operation that makes such an iterator
MOST_NAMED = 40  # layers whose parameters are told apart by their names
MOST_PAIRS = 24  # parameters that are gone through one by one
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


def all_of(machine: Machine, value: Parameters, place: Place | None) -> Parameters:
    """A list of what an iterator gives; one that had come to its end gives nothing, and stays what it was."""
    if used_up(machine, value) is not None:
        return evolve(value, owners=frozenset())
    use_up(machine, value, place)
    return evolve(value, lazy=False)


def chosen(machine: Machine, whole: Parameters, test: Callable[[Value], bool | None]) -> Parameters:
    """Those parameters that pass a test, asked once of all that are alike, or of each of those that have names."""
    kept, complete = set[ObjectId](), whole.complete
    for group, names in _alike(machine, whole):
        each = evolve(whole, owners=group, complete=False, each=True, lazy=False, named=False)
        answers = {test(Sequence((Text(name), each)) if whole.named else each) for name in names}
        complete = complete and len(answers) == 1 and None not in answers
        kept |= set() if answers == {False} else group
    return evolve(whole, owners=frozenset(kept), complete=complete)


def _alike(machine: Machine, whole: Parameters) -> list[tuple[frozenset[ObjectId], tuple[str | None, ...]]]:
    """Parameters of which a test may tell only whether they are frozen, and by which names they go."""
    known = _names(machine, whole) if whole.named else {}
    if whole.owners and whole.owners <= known.keys() and len(whole.owners) <= MOST_NAMED:
        return [(frozenset({owner}), known[owner]) for owner in whole.owners if known[owner]]
    groups: dict[bool | None, set[ObjectId]] = {}
    for owner in whole.owners:
        groups.setdefault(freezing.asked(machine, owner), set()).add(owner)
    return [(frozenset(group), (None,)) for group in groups.values()]


def pairs(machine: Machine, whole: Parameters) -> Sequence | None:
    """Named parameters one by one, where they are few and all names are known."""
    known = _names(machine, whole) if whole.named else {}
    if not whole.owners <= known.keys():
        return None
    held = [(owner, name) for owner, names in known.items() if owner in whole.owners for name in names]
    if not 0 < len(held) <= MOST_PAIRS:
        return None
    each = evolve(whole, complete=False, each=True, lazy=False, named=False)
    return Sequence(
        tuple(
            Sequence((Text(name), evolve(each, owners=frozenset({owner}), part=(name or "").rpartition(".")[2])))
            for owner, name in held
        ),
        kind="iterator",
    )


def _names(machine: Machine, whole: Parameters) -> dict[ObjectId, tuple[str | None, ...]]:
    """The names of the parameters of each owner in the network that was asked for them."""
    from trainlint.semantics.natives.networks import names

    node = _made(whole)
    network = node.inputs[0] if node is not None and node.op == MADE else None
    return {} if network is None else names(machine, network)


def picked(machine: Machine, chosen: Parameters, given: tuple[Value, ...], place: Place | None) -> Parameters:
    """An iterator over parameters that come from ``given``: it ends by itself, whatever others do to these."""
    begin(machine)
    return evolve(chosen, lazy=True, origin=Node(PICKED, place, given))


def _maker(value: Value) -> Node | None:
    return _made(value) if isinstance(value, Parameters) and value.lazy else None


def _made(value: Value) -> Node | None:
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
