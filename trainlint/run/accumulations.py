"""Accumulations: gradients of several batches that are added up for one step, and how large their losses are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.code import Code, Edits
from trainlint.run.losses import ENDS, LossTerm, terms_at
from trainlint.run.orders import CLEARED, Order, in_one_turn
from trainlint.run.subjects import Subject
from trainlint.semantics import optimizers
from trainlint.semantics.automata import Automaton, States, follow
from trainlint.semantics.events import Event
from trainlint.semantics.evidence import Step, visible
from trainlint.semantics.facts import Facts, Gathered, Objective
from trainlint.semantics.truth import ALL, ANY_OF
from trainlint.semantics.values import (
    Condition,
    Node,
    Number,
    Place,
    Sequence,
    Site,
    Tensor,
    Unknown,
    Value,
    identity,
    known_number,
)
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

ONE, MANY, SPENT = "one", "many", "spent"  # passes backward since the gradients were cleared; a step was taken since
PASSES = Automaton(
    start=CLEARED,
    moves={
        (CLEARED, "backward"): ONE,
        (ONE, "backward"): MANY,
        (ONE, "step"): SPENT,
        (MANY, "step"): SPENT,
        (ONE, "clear"): CLEARED,
        (MANY, "clear"): CLEARED,
        (SPENT, "clear"): CLEARED,
    },
    known={"clear": CLEARED},
)
MEANS = frozenset({"mean", "batchmean", "sum_over_batch_size", "mean_with_sample_weight"})
_SAME = frozenset({"return", "given", "same", "layout", "convert"})
_INDEXING = frozenset({"index", "item"})
_DRAWING = frozenset({"one", "called", "random"})
_DEEPEST, _LONGEST = 12, 64
Key = tuple[tuple[Place | None, bool], ...]


@frozen(eq=False, kw_only=True)
class Accumulation(Subject):
    """Gradients of several batches add up before a step.

    ``mean`` is where a mean over each batch is taken that nothing divides on its way to ``backward``; None where there
    is none, or nobody knows.
    """

    mean: Place | None
    step: Place

    @property
    def steps(self) -> tuple[Step, ...]:
        """Where the loss is averaged, and where the step is taken."""
        mean = () if self.mean is None else (Step(self.mean, "loss", "", "the loss is a mean over one batch"),)
        return (*mean, Step(self.step, "step", "", "the step is taken with the sum"))

    def divided(self, code: Code) -> Edits:
        """The loss divided by the number of batches, where the test for the step names it."""
        mean, count = self.mean, _period(code, self.step)
        if mean is None or not count or code.function(mean) != code.function(self.step) or mean.path != self.step.path:
            return ()
        return code.replace(mean, f"{code.text(mean)} / {count}", atom=False)


def _period(code: Code, step: Place) -> str:
    """What the innermost test around a step divides by, as in ``if (i + 1) % 4 == 0``."""
    tests = [each.test for each in code.chain(step) if isinstance(each, tree.If)]
    pending: list[tree.Tree] = [*tests[-1:]]
    found = []
    while pending:
        node = pending.pop()
        if isinstance(node, tree.Binary) and node.op == "%":
            found.append(node.right)
        elif isinstance(node, tree.Compare):
            pending += (node.left, *node.others)
        elif isinstance(node, tree.Logical):
            pending += node.values
        elif isinstance(node, tree.Unary):
            pending.append(node.operand)
    if len(found) != 1 or not isinstance(found[0], tree.Constant | tree.Name | tree.Attribute):
        return ""
    return code.text(code.beside(step, found[0]))


def accumulations(machine: Machine, orders: tuple[Order, ...]) -> Iterator[Accumulation]:
    """Every place from which the gradients of several batches surely come together before a step."""
    for order in orders if not machine.facts.read_gradients else ():
        if order.updates and not _is_rate_divided(machine, order):
            for key in dict.fromkeys(_key(event) for event in order.backwards):
                yield from _accumulated(machine, orders, order, key)
            yield from _summed(machine, orders, order)


def _key(event: Event | Objective) -> Key:
    """Where something happens, whatever the turn."""
    return ((event.place, False), *((each.place, each.is_turn) for each in event.site.links()))


def _accumulated(machine: Machine, orders: tuple[Order, ...], order: Order, key: Key) -> Iterator[Accumulation]:
    repeated = [event for event in order.backwards if _key(event) == key]
    if len(repeated) < 2 or all(in_one_turn(repeated[0].site, each.site) for each in repeated[1:]):
        return
    added: dict[Event, Event] = {}
    for event, states in _followed(machine, order, key):
        if event.kind == "backward" and (state := next((each for each in (ONE, MANY) if each in states), None)):
            added[event] = states[state]["backward"]
        if event.kind != "step" or MANY not in states or not event.certain or event.exceptional:
            continue
        last = states[MANY]["backward"]
        first = added.get(last)
        while first is not None and in_one_turn(first.site, last.site):
            last, first = first, added.get(first)
        if any(each.place == event.place for each in last.site.links()):
            continue  # within the step: whoever asks for the gradients several times also knows how long they are
        others = [other for other in orders if other is not order]
        found = None if first is None else _found(machine, others, first, last, event, states.keys())
        if found is not None:
            yield found
            return


def _summed(machine: Machine, orders: tuple[Order, ...], order: Order) -> Iterator[Accumulation]:
    """The place of gradients that are values, and are added up in what a step is given."""
    others = [other for other in orders if other is not order]
    for step in (each.event for each in order.updates):
        given = [each for each in order.backwards if each.site in step.summed and each.moment < step.moment]
        last = given[-1] if given else None
        before = (each for each in given if last is not None and _key(each) == _key(last))
        first = next((each for each in before if last is not None and not in_one_turn(each.site, last.site)), None)
        if first is not None and last is not None:
            found = _found(machine, others, first, last, step, {ONE, MANY})
            if found is not None:
                yield found
                return


def _found(
    machine: Machine, others: list[Order], first: Event, last: Event, step: Event, states: Collection[str]
) -> Accumulation | None:
    """The gradients of two passes come together before a step: are they those of two batches?"""
    key = _key(last)
    own = [each for each in machine.facts.objectives if each.place == last.place and _key(each) == key]
    place, taken = visible(last.place, last.site), visible(step.place, step.site)
    if place is None or taken is None or not _are_batches(machine, own, first, last, step, states):
        return None
    if any(_steps_between(other, first) for other in others):
        return None
    means = [_mean(machine.facts, each) for each in own]
    places = [None if term is None else term.call for term in means]
    return Accumulation(
        mean=places[0] if places and None not in places else None,
        step=taken,
        place=place,
        call=place,
        conditions=tuple(each for each in last.conditions if not each.off_default),
        assumed=last.assumed,
        exceptional=False,
    )


def _followed(machine: Machine, order: Order, key: Key) -> Iterator[tuple[Event, States]]:
    """What happens to the gradients that one pass backward leaves, as the program ships."""

    def kind_of(event: Event) -> str | None:
        if event.kind == "made":
            return "made" if event is order.born else None
        if event.kind == "backward":
            return "backward" if event.certain and event in order.backwards and _key(event) == key else None
        return event.kind if event.subjects is None or not event.subjects.isdisjoint(order.whole) else None

    return follow(machine.facts.events, PASSES, kind_of, order.conditions, as_shipped=True, born=order.begun)


def _steps_between(other: Order, first: Event) -> bool:
    """Whether another optimizer that such a pass reaches steps in the same turn: it is a loss of that one."""
    if first.subjects is None or not first.subjects & other.whole:
        return False
    return any(in_one_turn(each.event.site, first.site) for each in other.updates)


def _is_rate_divided(machine: Machine, order: Order) -> bool:
    """Whether a rate is computed by a division, which may be that by the number of batches."""
    pending = [each.origin for each in optimizers.rates(machine, order.made)]
    for _ in range(_DEEPEST):
        nodes = [node for node in pending if node is not None]
        if any(node.op in ("/", "//") for node in nodes):
            return True
        pending = [inner.origin for node in nodes for inner in node.inputs]
    return False


# Are they batches? ----------------------------------------------------------------------------------------------------


def _are_batches(
    machine: Machine, own: list[Objective], first: Event, last: Event, step: Event, states: Collection[str]
) -> bool:
    """Whether the turns that add up are batches: the step waits for a number of turns, or a loop is there for them."""
    turn = next(one for one, other in zip(last.site.turns(), first.site.turns(), strict=False) if one is not other)
    if any(each.place == turn.place and each.parent is turn.parent for each in step.site.turns()):
        waits = [each for each in step.conditions if each not in last.conditions]
        waits_for_turns = bool(waits) and all(map(is_of_turns, waits))
        return set(states) == {MANY} or (waits_for_turns and set(states) <= {ONE, MANY})
    loop = next(
        (each for each in machine.facts.gathered if each.place == turn.place and each.site is turn.parent), None
    )
    if loop is None or not _is_many(loop):
        return False
    inside = [each for each in own if _is_in(each.site, loop)]
    pairs = zip(inside[:2], (None, *inside), strict=False)
    return bool(inside) and all(_is_fresh(machine.facts, each, loop, before) for each, before in pairs)


def is_of_turns(test: Condition) -> bool:
    """Whether a test asks how many turns there have been: each so many of them, or the last one."""
    if test.test in (ALL, ANY_OF) and isinstance(test.operand, tuple):
        return all(isinstance(each, Condition) and is_of_turns(each) for each in test.operand)
    pending = [test.subject]
    for _ in range(_DEEPEST):
        for node in pending:
            if node.op == "%" and len(node.inputs) > 1:
                return (known_number(node.inputs[1]) or 0) > 1
            if node.op in ("len", "count"):
                return True
        pending = [each.origin for node in pending for each in node.inputs if each.origin is not None]
    return False


def _is_many(loop: Gathered) -> bool:
    """Whether a loop is known to be there for several things that are alike."""
    items = loop.items
    if items.kind == "range":
        count = len(items.head) if items.exact else None if items.count is None else known_number(items.count)
        return count is not None and count > 1
    known = all(isinstance(leaf, Tensor | Unknown | Number) for each in items.known for leaf in _leaves(each))
    return known and (not items.exact or len(items.head) > 1)


def _is_fresh(facts: Facts, objective: Objective, loop: Gathered, before: Objective | None) -> bool:
    """Whether the target of a loss was drawn for this turn, and the network was told nothing of the turn before."""
    drawn = {each.origin for item in loop.items.known for each in _leaves(item) if each.origin is not None}
    term = _mean(facts, objective)
    if term is None or not _is_drawn(term.target, drawn, loop.begun):
        return False
    last = None if before is None else before.value.origin
    pending, seen = [objective.value], set[Node]()
    while pending and last is not None:
        value = pending.pop()
        node = value.origin
        if isinstance(value, Tensor) and value.live and node is not None and node.inputs and node not in seen:
            seen.add(node)
            if loop.begun < node.born <= last.born:
                return False
            pending += node.inputs
    return True


def _is_in(site: Site, loop: Gathered) -> bool:
    return any(each.place == loop.place and each.parent is loop.site for each in site.turns())


def _leaves(item: Value) -> Iterator[Value]:
    if isinstance(item, Sequence):
        for each in item.known:
            yield from _leaves(each)
    else:
        yield item


def _is_drawn(target: Value, drawn: set[Node], begun: int) -> bool:
    """Whether a value was given to a turn or asked for in it; a moment of a batch for all turns is something else."""
    pending, seen = [target.origin], set[Node]()
    found = False
    while pending:
        node = pending.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if node in drawn:
            found = True
            continue
        at = node.inputs[1] if node.op in _INDEXING and len(node.inputs) > 1 else None
        if isinstance(at, Sequence) and at.kind != "slice":
            return False
        found |= node.born > begun and (node.op in _DRAWING or isinstance(at, Sequence))
        pending += (each.origin for each in node.inputs if isinstance(each, Tensor | Unknown | Sequence))
    return found


# How large are their losses? ------------------------------------------------------------------------------------------


def _mean(facts: Facts, objective: Objective) -> LossTerm | None:
    """The loss in a minimised value that is a mean over its batch and is not divided or weighted afterwards."""
    if objective.weighted:
        return None
    pending: list[tuple[Value, bool]] = [(objective.value, False)]  # with whether a mean was taken on the way
    for value, averaged in pending:  # grows
        node = value.origin
        if not isinstance(value, Tensor) or not value.live or node is None or len(pending) > _LONGEST:
            continue
        if node.op in ENDS:
            for term in terms_at(facts, objective, node):
                if averaged or term.reduction in MEANS:
                    return term
        elif node.op in _SAME:
            pending.append((node.inputs[0], averaged))
        elif node.op == "sum" and not averaged:
            pending += ((each, False) for each in node.inputs)
        elif node.op == "product" and any(map(_is_one, node.inputs)):
            pending += ((each, averaged) for each in node.inputs)
        elif node.op == "reduce" and any(each.kind == "mean" and each.axes is None for each in value.facts):
            pending.append((node.inputs[0], True))
    return None


def _is_one(value: Value) -> bool:
    """Whether a factor was written as 1, as weights of losses are by default."""
    if not isinstance(value, Tensor | Number) or value.origin is None:
        return False
    return value.range.is_point and value.range.lo == 1 and identity(value.origin).op == "literal"
