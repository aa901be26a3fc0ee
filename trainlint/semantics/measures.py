"""What stands against overfitting, or could: noted where it happens, judged by the loops that train."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trainlint.semantics import containers
from trainlint.semantics.facts import Happened, LoopTurned
from trainlint.semantics.heap import State
from trainlint.semantics.values import (
    COMPUTED,
    STORED,
    Flag,
    Library,
    Node,
    Nothing,
    Number,
    Object,
    Place,
    Sequence,
    Text,
    Unknown,
    Value,
    options,
)

if TYPE_CHECKING:
    from trainlint.knowledge.library import Entry
    from trainlint.semantics.growth import Later
    from trainlint.semantics.libraries import Binding
    from trainlint.semantics.machine import Machine

GROUPS = "param_groups"
DECAY = Text("weight_decay")
SAME_ELEMENTS = frozenset({"layout", "same", "detach", "clone", "select", "convert", "size", "count"})


def happened(machine: Machine, kind: str) -> None:
    """Note what counts only within a loop that trains."""
    machine.facts.happened.append(Happened(kind, machine.activation.site, machine.facts.tick()))


def strange(machine: Machine, function: Value | None, given: Iterable[Value]) -> None:
    """Something that is not followed was called: note it, if it had its hands on more than numbers and words."""
    given = list(given)
    if all(map(is_plain, given)) or (function is not None and is_method_of_data(machine, function, given)):
        return
    happened(machine, "strange")


def is_plain(value: Value) -> bool:
    return isinstance(value, Number | Text | Flag | Nothing | Library)


def is_method_of_data(machine: Machine, function: Value, given: Iterable[Value]) -> bool:
    """Whether this is what tensors call one of their methods, and of that a call that brings nothing in."""
    node = function.origin
    if not isinstance(function, Unknown) or node is None or node.op != "attribute":
        return False
    knowledge = machine.knowledge
    if is_of_pure_library(machine, node):
        return True
    names = {knowledge.tensor_method(node.label, library) for library in ("", *knowledge.array_classes)}
    known = [entry for name in names if (entry := knowledge.get(name)) is not None]
    if not known or any(map(knowledge.is_random, names)):
        return False
    return all(entry.op in SAME_ELEMENTS for entry in known) or all(map(is_plain, given))


def is_of_pure_library(machine: Machine, node: Node) -> bool:
    """Whether a value is what a library that only computes gave, or was taken out of that."""
    while node.op in ("attribute", "called", "item", "part", "one", "split", "scaled") and node.inputs:
        inner = node.inputs[0].origin
        if inner is None:
            return False
        node = inner
    return node.op in (COMPUTED, STORED) and machine.knowledge.is_pure(node.label)


def guarded(machine: Machine, entry: Entry, values: Binding | dict[str, Value]) -> None:
    """Note what is known to stand against overfitting whenever it is used, or with some of its arguments."""
    if entry.guards is True:
        machine.facts.guards.add(entry.name)
    elif entry.guards:
        held = values if isinstance(values, dict) else values.values
        if any(not is_off(held.get(name, Nothing())) for name in entry.guards):
            machine.facts.guards.add(entry.name)


def is_off(value: Value) -> bool:
    """Whether a setting is known to be 0, False or None, whatever the user says."""
    if isinstance(value, Flag):
        return value.truth is False
    return isinstance(value, Nothing) or (isinstance(value, Number) and value.exact == 0)


def decays(machine: Machine, optimizer: Value) -> bool:
    """Whether an optimizer shrinks weights; only what is known to leave them alone does not."""
    return any(_decays(machine, each) for _, each in options(optimizer))


def _decays(machine: Machine, optimizer: Value) -> bool:
    held = machine.heap.get(optimizer.id, GROUPS) if isinstance(optimizer, Object) else None
    groups = None if held is None else containers.items_of(machine, held)
    if groups is None or not groups.known:
        return True
    for each in groups.known:
        group = containers.mapping_of(machine, each)
        if group is None or not is_off(dict(group.items).get(DECAY, Text(None))):
            return True
    return False


class Looking:
    """Looks on while a loop turns, and notes it if it trains."""

    def __init__(self, machine: Machine, place: Place, count: Value | None) -> None:
        self.machine = machine
        self.place = place
        self.count = count
        self.steps = len(machine.facts.steps)
        self.facts = machine.facts
        self.begun = Node("loop", place).born
        self.conditions = machine.now.conditions
        self.returns = len(machine.activation.returns)

    def ended(self, breaks: list[State], turns: int, sequence: Sequence, later: Later | None) -> None:
        """The loop has ended after so many turns, and with some breaks."""
        machine = self.machine
        if machine.facts is not self.facts or len(machine.facts.steps) == self.steps:
            return
        ways = [*breaks, *(state for _, state in machine.activation.returns[self.returns :])]
        ways += () if later is None else later.ways
        machine.facts.loops.append(
            LoopTurned(
                place=self.place,
                site=machine.activation.site,
                count=self.count,
                begun=self.begun,
                left=any(self._is_open(state) for state in ways),
                later=None if later is None else later.facts,
                complete=sequence.exact and turns == len(sequence.head),
                counts=sequence.kind == "range",
            )
        )

    def _is_open(self, state: State) -> bool:
        """Whether a way out of the loop is taken without a flag that is off by default."""
        return not any(each.off_default for each in state.conditions if each not in self.conditions)
