"""Learning rates: every number that becomes the rate of an optimizer, and how high it climbs over the run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.losses import LossTerm
from trainlint.run.networks import SEVERAL, holds_layers, is_deep, is_network
from trainlint.run.scaling import scaled
from trainlint.run.subjects import Written
from trainlint.semantics import containers
from trainlint.semantics.evidence import Step, explain, visible
from trainlint.semantics.facts import RateGiven, ScheduleMade
from trainlint.semantics.growth import has_grown
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import INFINITY
from trainlint.semantics.libraries import short, written_name
from trainlint.semantics.optimizers import owners
from trainlint.semantics.values import (
    OUTSIDE,
    PROCESSES,
    Condition,
    Number,
    Object,
    ObjectId,
    Site,
    Tensor,
    Value,
    known_number,
    options,
)

if TYPE_CHECKING:
    from trainlint.knowledge.schema import Bounds
    from trainlint.semantics.machine import Machine


@frozen(eq=False, kw_only=True)
class Rate(Written):
    """A number reached an optimizer as its learning rate.

    ``given`` is the number itself; over the run it is known to come to ``highest`` and not to go over ``most``. Each is
    None where it is not known.
    ``bounds`` are those of the optimizer. ``scheduled`` rates are under a schedule; ``overridden`` says that something
    else sets the rate later, or could, and ``replaced`` that it does before the rate was used. ``grows`` says that
    nothing ends its growth but the loop, with which it ends at ``final`` where that is known. ``network`` says that
    what is trained is known to be the weights of a network, and ``deep`` that these are not just one linear map.
    ``tuned`` weights were loaded; ``grouped`` rates differ from group to group. ``tried`` rates are used for
    single steps only, next to where the optimizer is made.
    """

    optimizer: str
    highest: float | None
    most: float | None
    bounds: Bounds | None
    way: str  # given, written, peak or schedule
    factor: Value | None  # what the schedule multiplies by, where it is the schedule that counts
    scheduled: bool
    overridden: bool
    replaced: bool
    grows: bool
    final: float | None
    network: bool
    deep: bool
    tuned: bool
    grouped: bool
    tried: bool

    @property
    def unchecked(self) -> bool:
        """Whether it comes from outside of the program and nothing bounds it from above."""
        return isinstance(self.value, Number) and bool(self.value.taint & OUTSIDE) and self.value.range.hi == INFINITY

    @property
    def crowded(self) -> float | None:
        """What it comes to in many processes, if it is multiplied by their number."""
        return scaled(self.value) if PROCESSES in self.value.taint else None

    def explain(self) -> tuple[Step, ...]:
        """The way from where the number was written, and where what its schedule makes of it was."""
        steps = [*super().explain()]
        if self.factor is not None:
            made = [step for step in explain(self.factor, "number") if step.place != self.call]
            steps += [evolve(step, says="the schedule multiplies by this") for step in made[:1] if step not in steps]
        return tuple(steps)

    def source(self) -> tuple[Step, ...]:
        """Where it is read from outside of the program."""
        node = self.setting
        if node is None or node.place is None or node.place == self.place:
            return ()
        return (Step(node.place, node.op, node.label),)


def rates(machine: Machine, losses: tuple[LossTerm, ...]) -> Iterator[Rate]:
    """Every rate of every optimizer, one for each alternative of its value."""
    for given in machine.facts.rates:
        yield from _Optimizer(machine, given, losses).rates()
    for schedule in machine.facts.schedules:
        for given in _of(machine, schedule):
            yield from _Optimizer(machine, given, losses).scheduled(schedule)


def _of(machine: Machine, schedule: ScheduleMade) -> Iterator[RateGiven]:
    """What the optimizer of a schedule was given first; one group stands for all."""
    seen: set[ObjectId] = set()
    for given in machine.facts.rates:
        if not given.written and _may_be(schedule.optimizer, given.optimizer.id) and given.optimizer.id not in seen:
            seen.add(given.optimizer.id)
            yield given


def _may_be(value: Value, id: ObjectId) -> bool:
    """Whether an object is a value, or one of its alternatives."""
    if isinstance(value, Object):
        return value.id is id
    return any(isinstance(option, Object) and option.id is id for _, option in options(value))


class _Optimizer:
    """One optimizer, seen from a rate that reached it."""

    def __init__(self, machine: Machine, given: RateGiven, losses: tuple[LossTerm, ...]) -> None:
        self.machine = machine
        self.facts = machine.facts
        self.given = given
        self.losses = losses
        self.id = given.optimizer.id
        entry = machine.knowledge.entries.get(given.name)
        self.bounds = None if entry is None else next(iter(entry.bounds.values()), None)
        self.made = self.id.site
        self.own = [each for each in self.facts.rates if each.optimizer.id is self.id]
        self.schedules = [each for each in self.facts.schedules if _may_be(each.optimizer, self.id)]
        owned = owners(machine, given.parameters)
        groups = (owners(machine, each.parameters) for each in self.own)
        trained = self.facts.trained.get(self.id, frozenset())
        owned = owned.union(trained, *groups)
        self.tuned = bool(owned & self.facts.loaded)
        owned -= self.facts.frozen.keys() - self.facts.thawed
        self.deep = is_deep(machine, owned, losses)
        given_network = is_network(machine, given.parameters) or holds_layers(machine, trained)
        self.network = given_network or (self.deep and len(owned) >= SEVERAL)

    def rates(self) -> Iterator[Rate]:
        grows = self.given.written and self.given.place in self.facts.growing
        for chosen, value in options(self.given.value):
            number = _number(value)
            way = "written" if self.given.written else "given"
            highest, most = self._climbed(number)
            if number is not None and self.schedules and self._leaves(number, highest, most):
                last = self.schedules[-1]
                yield self._rate(
                    value,
                    chosen=chosen,
                    given=number,
                    highest=highest,
                    most=most,
                    way="schedule",
                    at=last,
                    factor=last.effect.decided,
                )
                highest = most = None
            if grows:
                highest = most = None  # what two turns make of it says nothing
            yield self._rate(value, chosen=chosen, given=number, highest=highest, most=most, way=way, grows=grows)

    def scheduled(self, schedule: ScheduleMade) -> Iterator[Rate]:
        """The peak that a schedule gives, or the growth that it makes."""
        effect = schedule.effect
        if effect.peak is not None:
            for chosen, value in _each(self.machine, effect.peak):
                number = _number(value)
                yield self._rate(
                    value, chosen=chosen, given=number, highest=number, most=number, way="peak", at=schedule
                )
        if effect.grows and effect.decided is not None:
            yield self._rate(
                effect.decided, given=None, highest=None, most=None, way="schedule", at=schedule, grows=True
            )

    def _rate(
        self,
        value: Value,
        *,
        given: float | None,
        highest: float | None,
        most: float | None,
        way: str,
        chosen: tuple[object, ...] = (),
        at: ScheduleMade | None = None,
        grows: bool = False,
        factor: Value | None = None,
    ) -> Rate:
        source = self.given if at is None else at
        shown = visible(source.place, source.site)
        call = visible(source.call, source.site)
        place = shown if shown is not None else source.place
        return Rate(
            place=place,
            call=call if call is not None else place,
            conditions=source.conditions,
            chosen=chosen,  # type: ignore[arg-type]
            assumed=source.assumed,
            exceptional=source.exceptional,
            optimizer=short(written_name(self.given.optimizer) or self.given.name),
            value=value,
            given=given,
            highest=highest,
            most=most,
            bounds=self.bounds,
            way=way,
            factor=factor,
            scheduled=bool(self.schedules),
            overridden=at is None and not self.given.written and self._overridden(),
            replaced=at is None and not self.given.written and self._replaced(),
            grows=grows,
            final=self.facts.growing.get(self.given.place) if grows else None,
            network=self.network,
            deep=self.deep,
            tuned=self.tuned,
            tried=self._tried(),
            grouped=len({_number(each.value) for each in self.own if not each.written}) > 1,
        )

    def _overridden(self) -> bool:
        """Whether something beside its construction sets, or could set, the rate to a number of its own."""
        written = any(each.written for each in self.own)
        free = any(each.effect.peak is not None or each.effect.grows for each in self.schedules)
        return written or free or self.id in self.facts.given_away

    def _replaced(self) -> bool:
        """Whether the rate is written, or a schedule brings its own, before the first step."""
        begun = self.given.moment
        first = min((step.moment for step in self.facts.steps if step.moment > begun), default=math.inf)
        written = any(each.written and begun < each.moment < first for each in self.own)
        return written or any(each.effect.peak is not None for each in self.schedules)

    def _ever(self) -> float | None:
        """The highest rate of all groups at all times, unless it moves on from turn to turn."""
        numbers = [_number(each.value) for each in self.own]
        known = [each for each in numbers if each is not None]
        if len(known) < len(numbers) or any(each.written and has_grown(each) for each in self.own):
            return None
        return max(known)

    def _tried(self) -> bool:
        """Whether the function that makes the optimizer also steps it, and in no loop, as tests do."""
        steps = [step for step in self.facts.steps if _may_be(step.optimizer, self.id)]
        return bool(steps) and all(_is_within(step.site, self.made) for step in steps)

    def _leaves(self, number: float, highest: float | None, most: float | None) -> bool:
        """Whether it is its schedule that takes the rate out of the bounds, or that makes another rate of it there."""
        high = math.inf if self.bounds is None or self.bounds.high is None else self.bounds.high
        low = 0.0 if self.bounds is None or self.bounds.low is None else self.bounds.low
        outside = (highest is not None and highest > high) or (most is not None and most < low)
        return outside and (low <= number <= high or highest != number)

    def _climbed(self, number: float | None) -> tuple[float | None, float | None]:
        """What schedules are known to make of a rate at the highest, and what they do not take it over."""
        if number is None:
            return None, None
        if self.given.written:
            return number, self._ever()
        highest: float | None = number
        most: float | None = number
        for each in (schedule.effect for schedule in self.schedules):
            factor, limit = (1.0, None) if each.peak is not None or each.grows else (each.factor, each.most)
            highest = None if highest is None or factor is None else highest * factor
            most = None if most is None or limit is None else most * limit
        return highest, most


def _is_within(site: Site, outer: Site) -> bool:
    """Whether ``site`` is reached from ``outer`` by calls alone."""
    at: Site | None = site
    while at is not None and at is not outer:
        if at.is_turn:
            return False
        at = at.parent
    return at is outer


def _each(machine: Machine, peak: Value) -> Iterator[tuple[tuple[Condition, ...], Value]]:
    """The alternatives of a peak, and of a list of peaks those of every group."""
    for chosen, value in options(peak):
        items = containers.items_of(machine, value) if containers.is_list(value) else None
        for each in [value] if items is None else items.known:
            yield from ((chosen + path, one) for path, one in options(each))


def _number(value: Value) -> float | None:
    if isinstance(value, Tensor):
        return value.range.lo if value.range.is_point else None
    return known_number(value)
