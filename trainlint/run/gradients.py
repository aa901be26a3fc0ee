"""Gradients: which weights they reach, and where on the way from the weights to the loss they end."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.orders import Order
from trainlint.run.subjects import Subject
from trainlint.semantics import containers, recording
from trainlint.semantics.events import Event
from trainlint.semantics.evidence import Step, is_hidden, visible
from trainlint.semantics.facts import Facts, Objective
from trainlint.semantics.heap import LEAF
from trainlint.semantics.libraries import is_network
from trainlint.semantics.values import (
    Bound,
    Choice,
    Function,
    Mapping,
    Node,
    Number,
    Object,
    ObjectId,
    Parameters,
    Partial,
    Sequence,
    Tensor,
    Unknown,
    Value,
    options,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

Owners = frozenset[ObjectId]
NOBODY: Owners = frozenset()
MOST_STEPS = 20_000  # of the history of one loss
_TAKEN_OUT = frozenset({"one", "item", "part", "entries"})  # of something else, as batches are

ADDED = frozenset({"sum", "difference", "negative", "return", "same"})
SCALED = frozenset({"product", "quotient"})


@frozen(eq=False, kw_only=True)
class Cut(Subject):
    """The gradient of a loss ends here, and reaches some weights nowhere else.

    ``op`` is the operation and ``label`` how it is written; ``whole`` says that none of the weights that are to be
    trained is reached, ``term`` that it is not the whole loss which is lost so, but something that is added to it.
    """

    op: str
    label: str
    owners: Owners
    whole: bool
    term: bool = False
    backward: tuple[Step, ...]


class Gradients:
    """Where the gradients of a run go.

    ``reached`` are all weights that some gradient reaches, or may: whatever was not followed had its hands on them;
    ``surely`` are those that one does. ``moved`` are those that an optimizer moves.
    ``open`` says that something unknown goes backward.
    """

    def __init__(self, machine: Machine, orders: tuple[Order, ...]) -> None:
        self.machine = machine
        facts = machine.facts
        self.open = any(
            loop.later is None and not loop.complete and not is_hidden(loop.place) and not loop.site.turns()
            for loop in facts.loops
        )
        self._reached: set[ObjectId] = set()
        for each in (facts, *(loop.later for loop in facts.loops if loop.later is not None)):
            self._look_at(each)
        self.reached = frozenset(self._reached)
        self.thawed = NOBODY.union(facts.thawed, *(loop.later.thawed for loop in facts.loops if loop.later is not None))
        self.surely = NOBODY.union(*(_surely(each.event) for each in facts.events if each.event is not None))
        late = (each.owners for each in facts.told if not each.exceptional)
        self.moved = NOBODY.union(*late, *(order.made.owners for order in orders if order.updates))

    def _look_at(self, facts: Facts) -> None:
        """Take up what goes backward, and what is out of sight."""
        told = {each.place for each in facts.objectives if isinstance(each.value, Tensor)}
        for trace in facts.events:
            event = trace.event
            if event is None or event.kind not in ("backward", "anything"):
                continue
            if event.subjects is not None:
                self._reached |= event.subjects
            elif event.place not in told:
                self.open = True
        for each in facts.objectives:
            self._reached |= _live(each.value)
            self.open |= not _is_followed(each.value)

    @functools.cached_property
    def set_by_others(self) -> Owners:
        """Weights that something else has set, or may have: they may be meant to stay as they are."""
        facts = self.machine.facts
        found = set(facts.loaded)
        for value in {id(each): each for each in facts.touched}.values():
            reached = recording.reached(self.machine, [value])
            found |= self.machine.made.keys() if reached is None else reached
        return frozenset(found)

    def involve(self, owners: Owners) -> bool:
        """Whether these weights have a part in something that goes backward, or may have."""
        histories = (self.history(each, owners) for each in self.machine.facts.objectives)
        return any(each is None or bool(each.seen) for each in histories)

    def history(self, objective: Objective, owners: Owners, term: Value | None = None) -> History | None:
        """How a loss, or a term of it, came of these weights.

        It is None if something that was not followed may hand on their gradient.
        """
        history = History(self.machine, owners)
        return history if history.follow(objective.value if term is None else term) else None


@frozen(eq=False)
class Ended:
    node: Node
    owners: Owners


class History:
    """What a value was made of, back to some weights.

    ``ends`` are the operations behind which the gradient does not reach weights that it reaches before them, ``seen``
    all those weights that took part.
    """

    def __init__(self, machine: Machine, owners: Owners) -> None:
        self.machine = machine
        self.owners = owners
        self.ends: list[Ended] = []
        self.seen: set[ObjectId] = set()
        self._wanted: dict[Owners, Owners] = {}

    def follow(self, value: Value) -> bool:
        met: set[Owners] = set()
        followed = self._followed(value, met)
        self.seen.update(*map(self._of, met))
        return followed

    def _followed(self, value: Value, met: set[Owners]) -> bool:
        pending: list[Value] = [value]
        known: set[int] = set()
        while pending:
            value = pending.pop()
            node = value.origin
            if isinstance(value, Tensor):
                met.update((value.live, value.cut))
                if node is not None and node.op == LEAF and (self._of(value.live) or self._of(value.cut)):
                    continue  # a weight itself, of which nobody need know what it began as
            elif isinstance(value, Unknown):
                if self._may_hide(value) and not is_of_weights(self.machine, value):
                    return False
                continue
            else:
                pending += _parts(value)
            if node is None or id(node) in known:
                continue
            known.add(id(node))
            if len(known) > MOST_STEPS:
                return False
            before = self._before(node)
            if node.aside and any(self._may_hide(each, before) for each in node.aside if not self._is_setting(each)):
                return False
            kept = self._of(value.live) if isinstance(value, Tensor) else NOBODY
            if before is not kept and (ended := before - kept):
                self.ends.append(Ended(node, ended))
            pending += node.inputs
        return True

    def _of(self, owners: Owners) -> Owners:
        """Those among some owners whose gradients are looked for; many values have the very same owners."""
        wanted = self._wanted.get(owners)
        if wanted is None:
            wanted = self._wanted[owners] = owners & self.owners
        return wanted

    def _before(self, node: Node) -> Owners:
        """Those that a gradient reaches through what an operation was given."""
        before = NOBODY
        for each in _tensors(node.inputs):
            reached = self._of(each.live)
            if reached is not before and not reached <= before:
                before = reached if before <= reached else before | reached
        return before

    def _is_setting(self, value: Value) -> bool:
        return isinstance(value, Object) and not containers.is_list(value)

    def _may_hide(self, value: Value, told: Owners = NOBODY) -> bool:
        """Whether a value that was not followed may have a gradient that reaches the weights, beside those told of."""
        pending: list[Value] = [value]
        known: set[int] = set()
        while pending:
            each = pending.pop()
            node = each.origin
            if isinstance(each, Tensor):
                if self._of(each.live) - told:
                    return True
                continue
            if isinstance(each, Function | Bound | Partial):
                return True
            if isinstance(each, Object):
                if is_network(self.machine, each):
                    return True
                items = containers.items_of(self.machine, each) if containers.is_list(each) else None
                pending += () if items is None else items.known
                continue
            pending += _parts(each)
            if node is None or id(node) in known or node.op in _TAKEN_OUT:
                continue
            known.add(id(node))
            pending += node.inputs
        return False


def _surely(event: Event) -> Owners:
    """The weights that a gradient surely reaches."""
    sure = event.kind == "backward" and event.certain and not event.exceptional
    return event.subjects or NOBODY if sure else NOBODY


def _tensors(values: Iterable[Value]) -> list[Tensor]:
    """The tensors among some values, and in their parts."""
    found: list[Tensor] = []
    for value in values:
        if isinstance(value, Tensor):
            found.append(value)
        else:
            found += _tensors(_parts(value))
    return found


def _parts(value: Value) -> list[Value]:
    if isinstance(value, Sequence):
        return list(value.known)
    if isinstance(value, Mapping):
        return [each for _, each in value.items]
    return [each for _, each in value.options] if isinstance(value, Choice) else []


def _is_followed(value: Value) -> bool:
    return all(isinstance(each, Tensor) for _, each in options(value))


def _live(value: Value) -> Owners:
    return NOBODY.union(*(each.live for _, each in options(value) if isinstance(each, Tensor)))


# Cuts -----------------------------------------------------------------------------------------------------------------


def cuts(machine: Machine, gradients: Gradients) -> Iterator[Cut]:
    """Where the gradient ends of weights that an optimizer moves, and that no other gradient reaches."""
    facts = machine.facts
    if gradients.open:
        return
    lost = gradients.moved - gradients.reached - facts.frozen.keys()
    for objective in facts.objectives if lost else ():
        if objective.exceptional or not isinstance(objective.value, Tensor):
            continue
        whole = not objective.value.live & gradients.moved
        wanted = lost if whole else lost - gradients.set_by_others
        history = gradients.history(objective, wanted) if wanted else None
        if history is not None and history.ends:
            first = min(history.ends, key=lambda each: each.node.born)
            yield from _cut(first, objective, whole=whole)
    for objective in facts.objectives:
        if not objective.exceptional and isinstance(objective.value, Tensor) and objective.value.live:
            yield from _idle_terms(gradients, objective)


def _idle_terms(gradients: Gradients, objective: Objective) -> Iterator[Cut]:
    """Terms that move nothing, because a comparison ends all their gradients.

    Where another one was detached, the gradient of one term may be meant for the value of the other.
    """
    found: list[Ended] = []
    for term in terms(objective.value):
        if term.live or not term.cut & gradients.moved:
            continue
        history = gradients.history(objective, term.cut & gradients.moved, term)
        if history is None or not history.ends or any(each.node.op != "compare" for each in history.ends):
            return
        found.append(min(history.ends, key=lambda each: each.node.born))
    for each in found:
        yield from _cut(each, objective, whole=False, term=True)


def terms(value: Value) -> Iterator[Tensor]:
    """What is added up in a loss."""
    pending: list[Value] = [value]
    known: set[int] = set()
    while pending:
        each = pending.pop()
        node = each.origin
        if not isinstance(each, Tensor) or node is None or id(node) in known:
            continue
        known.add(id(node))
        parts = [one for one in node.inputs if isinstance(one, Tensor) and one.live | one.cut]
        if node.op in ADDED or (node.op in SCALED and len(parts) == 1):
            pending += parts
        else:
            yield each


def is_of_weights(machine: Machine, value: Value) -> bool:
    """Whether a value is made of weights and known numbers alone."""
    found = False
    pending: list[Value] = [value]
    seen: set[Node] = set()
    while pending:
        each = pending.pop()
        node = each.origin
        weight = isinstance(each, Tensor) and node is not None and node.op == LEAF
        if weight or isinstance(each, Parameters) or (isinstance(each, Object) and each.id in machine.facts.layers):
            found = True
        elif isinstance(each, Number):
            continue
        elif node is None or (not node.inputs and node.op != "literal"):
            return False
        elif node not in seen:
            seen.add(node)
            pending += node.inputs
    return found


def _cut(ended: Ended, objective: Objective, *, whole: bool, term: bool = False) -> Iterator[Cut]:
    node = ended.node
    backward = visible(objective.place, objective.site)
    place = backward if node.place is None or is_hidden(node.place) else node.place
    if place is not None and backward is not None:
        yield Cut(
            op=node.op,
            label=node.label.rpartition(".")[2],
            owners=ended.owners,
            whole=whole,
            term=term,
            backward=(Step(backward, "backward", "", "the loss goes backward here"),),
            place=place,
            call=backward,
            conditions=objective.conditions,
            assumed=objective.assumed,
            exceptional=False,
        )
