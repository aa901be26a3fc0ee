"""What goes on growing: widening after the turns of a loop, and the rates that no test and no `min` keeps down."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.semantics import optimizers
from trainlint.semantics.facts import Facts, RateGiven
from trainlint.semantics.heap import State, join_states
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import INFINITY, Interval
from trainlint.semantics.joins import stretch
from trainlint.semantics.machine import PathEnds
from trainlint.semantics.truth import ALL, ANY_OF
from trainlint.semantics.values import (
    Condition,
    Mapping,
    Node,
    Number,
    ObjectId,
    Place,
    Sequence,
    Tensor,
    Value,
    known_number,
    number,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

FAR = 1e9  # no rate that is meant comes here
MOST_SEEN = 100  # steps of the history of a test
AHEAD = (10, 100, 1_000, 4_000)  # turns
TRIAL_FUEL = 4_000  # steps for the later turns of one loop
FAR_TURN = 1_000  # the index of turns that only ask what could happen later


def widened(earlier: State, later: State, *, far: bool = False) -> State:
    """The state after any number of turns: what moved from one turn to the next may have moved on.

    After turns enough to come ``far``, counters have counted past every limit; other numbers are anywhere up to there.
    """
    joined = join_states([later, earlier])
    for id, after in later.heap.changed_since(earlier.heap):
        before = earlier.heap.record(id)
        for name, value in after.items():
            held = before.get(name)
            if held is None or held is value or not isinstance(value, Number | Sequence | Mapping):
                continue
            if held != value:
                moved = _moved_on(held, value, far)
                if moved is not None:
                    joined.heap.set(id, name, moved)
    return joined


def _moved_on(held: Value, value: Value, far: bool) -> Value | None:
    if isinstance(value, Number) and isinstance(held, Number):
        return _widened_number(held, value, far)
    if isinstance(value, Sequence) and isinstance(held, Sequence) and value.kind == held.kind == "list":
        return stretch(value, held)
    if isinstance(value, Mapping) and isinstance(held, Mapping):
        before = dict(held.items)
        pairs = []
        for key, each in value.items:
            old = before.get(key)
            moved = None if old is None or old is each or old == each else _moved_on(old, each, far)
            pairs.append((key, each if moved is None else moved))
        return evolve(value, items=tuple(pairs))
    return None


def _widened_number(held: Number, value: Number, far: bool) -> Number:
    hull = held.range.hull(value.range)
    integer = held.integer and value.integer
    end = FAR if far and not integer else INFINITY
    lo = min(-end, hull.lo) if value.range.lo < held.range.lo else hull.lo
    hi = max(end, hull.hi) if value.range.hi > held.range.hi else hull.hi
    if far and integer and value.range.lo > held.range.lo:
        lo = max(FAR, lo)
    grown = Interval(lo, hi, hull.lo_open, hull.hi_open)
    origin = Node("grown", None, (value,), {"number": 0})  # what tests have shown of the old number is past
    return Number(grown, integer=integer, taint=value.taint, origin=origin)


@contextmanager
def watching(machine: Machine) -> Iterator[Watch]:
    """Look on while a loop turns; loops inside of the outermost one are part of its turns."""
    outermost = not machine.watched
    machine.watched = True
    try:
        yield Watch(machine, outermost)
    finally:
        machine.watched = not outermost


@frozen
class Later:
    """What a turn far on shows, and the states in which it leaves the loop."""

    facts: Facts
    ways: tuple[State, ...]


class Watch:
    """Looks on while a loop turns: does a rate that is written in it grow, and would it ever stop?"""

    def __init__(self, machine: Machine, outermost: bool) -> None:
        self.machine = machine
        self.outermost = outermost
        self.since = len(machine.facts.rates)
        self.steps = len(machine.facts.steps)
        self.ends: list[State] = []
        self.turns = 0
        self.begun = machine.now.conditions
        self.ways: tuple[State, ...] = ()  # in which the last turn of which nobody is told left the loop
        self.later: Later | None = None

    def turned(self) -> None:
        """A turn has ended; its state is kept if the turns train."""
        self.turns += 1
        trains = self.machine.facts.rates and len(self.machine.facts.steps) > self.steps
        if trains and (self.outermost or not self.machine.as_shipped):
            self.ends = [*self.ends[-1:], self.machine.now.fork()]

    def probe(self, place: Place, turn: Callable[[int], None], turns: int | None) -> None:
        """Try turns far on: a rate that a counter leads up a hill and down again may be too high on its top.

        The highest rate that such a turn writes is noted, if it is known and higher than what the first turns wrote.
        """
        machine = self.machine
        written = [each for each in machine.facts.rates[self.since :] if each.written]
        if len(self.ends) < 2 or not written or machine.as_shipped or place in machine.probed:
            return
        machine.probed.add(place)
        start, facts = machine.state, machine.facts
        highest: dict[Place, tuple[float, RateGiven]] = {}
        exhausted, machine.as_shipped = machine.exhausted, True
        try:
            with machine.budget(TRIAL_FUEL):
                for ahead in AHEAD:
                    if turns is None or self.turns + ahead <= turns:
                        self._silently(_advanced(self.ends[0], self.ends[1], ahead), place, lambda: turn(ahead))  # noqa: B023
                        for each in machine.facts.rates:
                            rate = known_number(each.value) if each.written else None
                            if rate is not None and rate > highest.get(each.place, (-INFINITY,))[0]:
                                highest[each.place] = (rate, each)
        finally:
            machine.exhausted, machine.as_shipped = exhausted, False
            machine.state, machine.facts = start, facts
        for at, (rate, each) in highest.items():
            known = [known_number(one.value) for one in written if one.place == at]
            if at not in facts.growing and known and all(one is not None and one < rate for one in known):
                facts.rates.append(each)

    def judge(self, place: Place, turn: Callable[[], None], turns: int | None) -> None:
        """Go through further turns from what the numbers would be later, and see whether the rates climb still.

        The first of them finds the writes that early turns do not reach; from where these lead, a second one goes on.
        A rate that has come far and goes farther has no end. A default is taken for what it is.
        """
        machine = self.machine
        if len(self.ends) < 2 or not self.outermost:
            return
        start, facts = machine.state, machine.facts
        grown = [each for each in facts.rates[self.since :] if has_grown(each)]
        found: list[RateGiven] = []
        machine.as_shipped = True
        try:
            tail = self._silently(widened(self.ends[0], self.ends[1], far=True), place, turn)
            self.later = Later(machine.facts, self.ways)
            if not grown and tail is not None:
                found = [each for each in machine.facts.rates if has_grown(each)]
                tail = self._silently(widened(self.ends[-1], tail, far=True), place, turn) if found else None
            if tail is None:
                return
            if any(_is_feedback(each) for each in tail.conditions if each not in self.begun):
                return  # the loop is left when the loss says so
            machine.state = tail
            endless = {each.place for each in (*found, *grown) if self._climbs(each)}
        finally:
            machine.as_shipped = False
            machine.state, machine.facts = start, facts
        early = {each.place: each for each in (*reversed(found), *reversed(grown))}  # the first of each place counts
        for at, each in early.items():
            if at in endless and _bounded(each.value):
                written = [one for one in facts.rates[self.since :] if one.place == at]
                facts.growing[at] = self._end(written, turns)
                if not written:
                    facts.rates.append(each)

    def _end(self, written: list[RateGiven], turns: int | None) -> float | None:
        """The highest that any group's rate comes to with the last turn; None where that is not known."""
        by_group: dict[ObjectId, list[float]] = {}
        for each in written:
            number = known_number(each.value)
            if number is None:
                return None
            by_group.setdefault(each.group.id, []).append(number)
        if any(len(values) > self.turns for values in by_group.values()):
            return None  # an inner loop writes it too, nobody knows how often
        ends = [_projected(values, turns) for values in by_group.values()]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None

    def _climbs(self, given: RateGiven) -> bool:
        """Whether the group's rate has come farther than far by now."""
        rate = optimizers.rate_of(self.machine, given.optimizer, given.group)
        value = None if rate is None else self.machine.narrow(rate)
        return isinstance(value, Number) and value.range.hi > FAR

    def _silently(self, state: State, place: Place, turn: Callable[[], None]) -> State | None:
        """The end of a turn of which nobody is told."""
        machine = self.machine
        machine.facts = Facts(rates=[], optimizers=machine.facts.optimizers)
        machine.state = state
        activation, breaks = machine.activation, list[State]()
        activation.loops.append((breaks, []))
        returns = len(activation.returns)
        try:
            with machine.turn(place, FAR_TURN):
                turn()
        except PathEnds:
            machine.state = None
        finally:
            activation.loops.pop()
            self.ways = (*breaks, *(each for _, each in activation.returns[returns:]))
            del activation.returns[returns:]
        return machine.state


def _advanced(earlier: State, later: State, ahead: int) -> State:
    """The state so many turns ahead, as far as whole numbers that move by the same step tell it."""
    state = later.fork()
    for id, after in later.heap.changed_since(earlier.heap):
        before = earlier.heap.record(id)
        for name, value in after.items():
            held = before.get(name)
            if isinstance(value, Number) and isinstance(held, Number) and value.integer and held.integer:
                new, old = known_number(value), known_number(held)
                if new is not None and old is not None and new != old:
                    state.heap.set(id, name, number(int(new + ahead * (new - old)), Node("counted", None)))
    return state


def has_grown(given: RateGiven) -> bool:
    """Whether a write made the rate larger than it was, or may have."""
    if not given.written:
        return False
    before, after = given.before, given.value
    if not isinstance(before, Number) or not isinstance(after, Number):
        return False
    old, new = known_number(before), known_number(after)
    if old is not None and new is not None:
        return new > old
    return after.range.hi > before.range.hi


def _is_feedback(condition: Condition) -> bool:
    """Whether a test asks about what the network computes: whoever watches the loss stops in time."""
    if condition.test in (ALL, ANY_OF) and isinstance(condition.operand, tuple):
        return any(map(_is_feedback, condition.operand))
    pending, seen = [condition.subject], set[int]()
    while pending and len(seen) < MOST_SEEN:
        node = pending.pop()
        if id(node) not in seen:
            seen.add(id(node))
            if any(isinstance(each, Tensor) and each.live for each in node.inputs):
                return True
            pending.extend(each.origin for each in node.inputs if each.origin is not None)
    return False


def _bounded(value: Value) -> bool:
    return isinstance(value, Number) and (value.value is not None or value.range.hi < INFINITY)


def _projected(values: list[float], turns: int | None) -> float | None:
    """Where the growth ends with the loop: it goes on by the same factor, or by the same step."""
    if turns is None or len(values) < 2:
        return None
    left = turns - len(values)
    a, b = values[-2], values[-1]
    if left <= 0:
        return b
    if len(values) > 2 and math.isclose(b - a, a - values[-3], rel_tol=1e-6):
        return b + left * (b - a)
    try:
        return float(b * (b / a) ** left) if a > 0 else None
    except OverflowError:
        return INFINITY
