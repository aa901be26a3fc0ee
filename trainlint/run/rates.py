"""Learning rates: every number that becomes the rate of an optimizer, and how high it climbs over the run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.losses import LossTerm
from trainlint.run.networks import is_deep, is_network
from trainlint.run.subjects import Subject
from trainlint.semantics.evidence import Step, explain, maker, visible
from trainlint.semantics.facts import RateGiven, ScheduleMade
from trainlint.semantics.intervals import INFINITY
from trainlint.semantics.libraries import short
from trainlint.semantics.optimizers import owners
from trainlint.semantics.values import Node, Number, Object, ObjectId, Place, Tensor, Value, options

if TYPE_CHECKING:
    from trainlint.knowledge.schema import Bounds
    from trainlint.semantics.machine import Machine

OUTSIDE = frozenset({"user", "file"})


@frozen(eq=False, kw_only=True)
class Rate(Subject):
    """A number reached an optimizer as its learning rate.

    ``given`` is the number itself, ``highest`` what it climbs to over the run; each is None where it is not known.
    ``bounds`` are those of the optimizer. ``settled`` is False where something else sets the rate before it is used, or
    could: ``replaced`` says that it surely is. ``grows`` says that nothing ends its growth, after ``turns`` turns of the
    loop that it grows in where their number is known. ``network`` says that what is trained is known to be the weights
    of a network, and ``deep`` that these are not just one linear map. ``tuned`` weights were loaded; ``grouped`` rates
    differ from group to group.
    """

    optimizer: str
    value: Value
    given: float | None
    highest: float | None
    bounds: Bounds | None
    way: str  # given, written, peak or schedule
    settled: bool
    replaced: bool
    grows: bool
    turns: int | None
    network: bool
    deep: bool
    tuned: bool
    grouped: bool

    @property
    def unchecked(self) -> bool:
        """Whether it comes from outside of the program and nothing bounds it from above."""
        return isinstance(self.value, Number) and bool(self.value.taint & OUTSIDE) and self.value.range.hi == INFINITY

    def explain(self) -> tuple[Step, ...]:
        """The way from where the number was written."""
        return explain(self.value, "number")

    def maker(self) -> Node | None:
        return maker(self.value, "number")


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
        if not given.written and given.optimizer.id in _ids(schedule.optimizer) and given.optimizer.id not in seen:
            seen.add(given.optimizer.id)
            yield given


def _ids(value: Value) -> set[ObjectId]:
    return {option.id for _, option in options(value) if isinstance(option, Object)}


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
        self.own = [each for each in self.facts.rates if each.optimizer.id is self.id]
        self.schedules = [each for each in self.facts.schedules if self.id in _ids(each.optimizer)]
        owned = owners(machine, given.parameters)
        self.network = is_network(machine, given.parameters)
        self.deep = is_deep(machine, owned, losses)
        self.tuned = bool(owned & self.facts.loaded)

    def rates(self) -> Iterator[Rate]:
        for chosen, value in options(self.given.value):
            number = _number(value)
            yield self._rate(
                value,
                chosen=chosen,
                given=number,
                highest=None if number is None else self._climbed(number),
                way="written" if self.given.written else "given",
                grows=self.given.written and self.given.place in self.facts.growing,
            )

    def scheduled(self, schedule: ScheduleMade) -> Iterator[Rate]:
        """The peak that a schedule gives, or the growth that it makes."""
        effect = schedule.effect
        if effect.peak is not None:
            for chosen, value in options(effect.peak):
                number = _number(value)
                yield self._rate(value, chosen=chosen, given=number, highest=number, way="peak", at=schedule)
        if effect.grows and effect.decided is not None:
            yield self._rate(effect.decided, given=None, highest=None, way="schedule", at=schedule, grows=True)

    def _rate(
        self,
        value: Value,
        *,
        given: float | None,
        highest: float | None,
        way: str,
        chosen: tuple[object, ...] = (),
        at: ScheduleMade | None = None,
        grows: bool = False,
    ) -> Rate:
        source = self.given if at is None else at
        shown = visible(source.place, source.site)
        call = visible(source.call, source.site)
        place = shown if shown is not None else source.place
        others = self._others()
        return Rate(
            place=place,
            call=call if call is not None else place,
            conditions=source.conditions,
            chosen=chosen,  # type: ignore[arg-type]
            assumed=source.assumed,
            exceptional=source.exceptional,
            optimizer=short(self.given.name),
            value=value,
            given=given,
            highest=highest,
            bounds=self.bounds,
            way=way,
            settled=at is not None or self.given.written or not others,
            replaced=at is None and not self.given.written and self._replaced(),
            grows=grows,
            turns=self.facts.growing.get(self.given.place) if grows else None,
            network=self.network,
            deep=self.deep,
            tuned=self.tuned,
            grouped=len({_number(each.value) for each in self.own if not each.written}) > 1,
        )

    def _others(self) -> bool:
        """Whether something beside its construction sets, or could set, the rate."""
        written = any(each.written for each in self.own)
        return written or bool(self.schedules) or self.id in self.facts.given_away

    def _replaced(self) -> bool:
        """Whether the rate is written, or a schedule brings its own, before the first step."""
        begun = self.given.moment
        first = min((moment for _, _, moment in self.facts.steps if moment > begun), default=math.inf)
        written = any(each.written and begun < each.moment < first for each in self.own)
        return written or any(each.effect.peak is not None for each in self.schedules)

    def _climbed(self, number: float) -> float | None:
        """The highest that schedules make of a rate; None where one of them was not followed."""
        if self.given.written:
            return number
        for each in self.schedules:
            if each.effect.grows or each.effect.peak is not None:
                continue
            if each.effect.factor is None:
                return None
            number *= each.effect.factor
        return number


def _number(value: Value) -> float | None:
    if isinstance(value, Number) and value.value is not None:
        return float(value.value)
    if isinstance(value, Tensor) and value.range.is_point:
        return value.range.lo
    return None
