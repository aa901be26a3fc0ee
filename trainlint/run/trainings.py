"""Trainings: a loss goes backward again and again, an optimizer follows, and what stands against overfitting."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.knowledge.schema import Operation
from trainlint.run import origins
from trainlint.run.losses import LossTerm, terms_of
from trainlint.run.subjects import Subject
from trainlint.semantics.classes import descends
from trainlint.semantics.evidence import Step, explain, is_hidden, visible
from trainlint.semantics.facts import Facts, Happened, LoopTurned, Objective, OptimizerMade
from trainlint.semantics.libraries import NETWORK, short
from trainlint.semantics.measures import is_off
from trainlint.semantics.values import ObjectId, Place, Site, Tensor, Value, known_number, options

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

JOINING = frozenset({"affine", "embedding", "recurrent", "attention"})  # what layers with weights of their own do
PLAIN = JOINING | {"squash"}  # and those with a slope that is trained
SEEN = 4  # turns whose values are traced
EARLIER = frozenset({"drawn", "strange"})  # what counts only where it may have changed the data


@frozen
class Layer:
    """A layer with weights; ``dense`` is how many of them connect everything with everything."""

    name: str
    dense: int
    place: Place | None


@frozen(eq=False, kw_only=True)
class Training(Subject):
    """A loss that goes backward in a loop, and the optimizer that follows.

    ``layers`` are those that it trains, the largest first. ``epochs`` is how often the loop turns around it; ``count``
    the same as a value.
    """

    layers: tuple[Layer, ...]
    epochs: float | None
    count: Value | None
    turns: Turns

    @property
    def dense(self) -> int:
        """How many dense weights it trains."""
        return sum(layer.dense for layer in self.layers)

    @property
    def supervised(self) -> bool:
        """Whether the loss compares what the network makes of known data with other known data, in each epoch all."""
        return self.turns.are_supervised()

    @property
    def guarded(self) -> bool:
        """Whether something stands against overfitting, or could: whatever was not followed."""
        return self.turns.are_guarded()

    def counted(self) -> tuple[Step, ...]:
        """Where the number of epochs was written."""
        return () if self.count is None else explain(self.count, "number")[:1]


def trainings(machine: Machine) -> Iterator[Training]:
    """Every loss that is minimised in a loop, by an optimizer of its own."""
    by_place: dict[Place | None, list[Objective]] = {}
    for each in machine.facts.objectives:
        by_place.setdefault(visible(each.place, each.site), []).append(each)
    moved = {made: owners(machine, made) for made in machine.facts.optimizers}
    for objectives in by_place.values():
        for made, weights in moved.items():
            own = [each for each in objectives if not weights.isdisjoint(_reached(each))]
            if own and not _is_shared(own[0], made, moved):
                yield from _training(Turns(machine, own, made))


def _is_shared(objective: Objective, by: OptimizerMade, moved: Mapping[OptimizerMade, frozenset[ObjectId]]) -> bool:
    """Whether another optimizer could follow the same loss."""
    others = (weights for each, weights in moved.items() if each.optimizer.id is not by.optimizer.id)
    return any(not weights.isdisjoint(_reached(objective)) for weights in others)


def owners(machine: Machine, made: OptimizerMade) -> frozenset[ObjectId]:
    """The layers whose weights an optimizer moves; some are told when they do."""
    return made.owners | machine.facts.trained.get(made.optimizer.id, frozenset())


def _reached(objective: Objective) -> frozenset[ObjectId]:
    return objective.value.live if isinstance(objective.value, Tensor) else frozenset()


def _training(turns: Turns) -> Iterator[Training]:
    first, loop, layers = turns.first, turns.loop, turns.layers()
    place = visible(first.place, first.site)
    if loop is not None and layers is not None and place is not None:
        yield Training(
            layers=layers,
            epochs=None if loop.count is None else known_number(loop.count),
            count=loop.count,
            turns=turns,
            place=place,
            call=place,
            conditions=first.conditions,
            assumed=first.assumed,
            exceptional=first.exceptional,
        )


class Turns:
    """The turns in which one loss is minimised by one optimizer.

    ``loop`` is the outermost loop that the optimizer outlives: its turns are the epochs.
    """

    def __init__(self, machine: Machine, objectives: list[Objective], made: OptimizerMade) -> None:
        self.machine = machine
        self.facts = machine.facts
        self.objectives = objectives
        self.made = made
        self.owners = owners(machine, made)
        self.first = objectives[0]
        outside = set(made.optimizer.id.site.links())
        self.around = [each for each in self.first.site.links() if each.is_turn and each not in outside]
        self.loop = next(
            (each for each in self.facts.loops if self.around and _is_turn_of(self.around[-1], each)), None
        )

    def layers(self) -> tuple[Layer, ...] | None:
        """The layers that are trained, the largest first; None if one of them is not known."""
        found = []
        for owner in _reached(self.first) & self.owners:
            made = self.facts.layers.get(owner)
            entry = None if made is None else self.machine.knowledge.entries.get(made.name)
            if made is None or entry is None or not isinstance(entry.call, Operation) or entry.call.op not in PLAIN:
                return None
            sizes = [known_number(made.values[name]) for name in entry.dense if name in made.values]
            known = [int(each) for each in sizes if each is not None]
            dense = math.prod(known) if known and len(known) == len(entry.dense) else 0
            if entry.call.op in JOINING:
                found.append(Layer(short(made.name), dense, visible(made.place, owner.site)))
        return tuple(sorted(found, key=lambda layer: -layer.dense))

    # The data ---------------------------------------------------------------------------------------------------------

    def are_supervised(self) -> bool:
        """Whether all losses compare what is computed from known data with other known data."""
        given: list[list[Value]] = []
        for each in self.objectives[:SEEN]:
            lessons = [self._lesson(term) for term in terms_of(self.facts, each) or ()]
            if not lessons or None in lessons:
                return False
            given.append([value for lesson in lessons for value in lesson or ()])
        return len(self.around) > 1 or _is_all(given, self._begun)

    @property
    def _begun(self) -> int:
        return 0 if self.loop is None else self.loop.begun

    def _lesson(self, term: LossTerm) -> list[Value] | None:
        """The data from which the network is to tell the target; None where that is not what it does."""
        inputs, begun = None if term.tensor is None else origins.inputs_of(term.tensor), self._begun
        if inputs is None or not origins.is_data(self.machine, term.target, begun):
            return None
        kinds = [origins.is_data(self.machine, each, begun) for each in inputs]
        data = [each for each, kind in zip(inputs, kinds, strict=True) if kind]
        told = None not in kinds and data and all(origins.is_supervised(each, term.target) for each in data)
        return data if told else None

    # What stands against overfitting ----------------------------------------------------------------------------------

    def are_guarded(self) -> bool:
        """Whether anything stands against overfitting, or could; what was not followed to its end could."""
        loop = self.loop
        if loop is None or loop.left or self.owners & self.facts.loaded or self.machine.ended_early(self.first.assumed):
            return True
        if self._is_given_away(self.facts) or self._is_guarded(self.facts, loop):
            return True
        if loop.later is None:
            return not loop.complete and not is_hidden(loop.place)
        return self._is_given_away(loop.later) or self._is_guarded(loop.later, loop)

    def _is_guarded(self, facts: Facts, loop: LoopTurned) -> bool:
        """Whether anything that was seen stands against overfitting."""
        return (
            bool(facts.guards)
            or any(not is_off(each.value) for each in facts.dropouts)
            or not self._steps_alone(facts, loop)
            or any(_is_within(each.site, loop) and each.place != self.first.place for each in facts.objectives)
            or self._has_happened(facts, loop)
        )

    def _steps_alone(self, facts: Facts, loop: LoopTurned) -> bool:
        """Whether this optimizer, and no other one, steps in the loop, and leaves weights as large as they are."""
        steps = [each for each in facts.steps if _is_within(each.site, loop)]
        moved = {getattr(option, "id", None) for each in steps for _, option in options(each.optimizer)}
        return moved == {self.made.optimizer.id} and not any(each.decays for each in steps)

    def _has_happened(self, facts: Facts, loop: LoopTurned) -> bool:
        """Whether the loop does something that could matter, where it could."""
        within = (each for each in facts.objectives if _is_within(each.site, loop))
        first = self.first if facts is self.facts else next(within, None)
        if first is None:
            return bool(facts.happened)
        begun = min((term.moment for term in terms_of(facts, first) or ()), default=first.moment)
        turn = next(each for each in first.site.links() if _is_turn_of(each, loop))

        def matters(each: Happened) -> bool:
            if each.kind not in EARLIER:
                return _is_within(each.site, loop)
            return each.moment < begun and (turn in each.site.links() or _is_handed(each.site))

        return any(map(matters, facts.happened))

    def _is_given_away(self, facts: Facts) -> bool:
        """Whether something that was not followed had its hands on the optimizer or on a network."""
        given = facts.given_away
        if self.made.optimizer.id in given:
            return True
        made = self.machine.made
        return any(each in made and descends(self.machine, made[each], NETWORK) for each in given)


def _is_all(given: list[list[Value]], begun: int) -> bool:
    """Whether each turn is given all data at once: what was there before the loop, the same in all turns."""
    before = [{origins.before(each, begun) for each in values} for values in given]
    return len(before) > 1 and None not in before[0] and all(each == before[0] for each in before)


def _is_handed(site: Site) -> bool:
    """Whether something happened in a function that was handed to a library, to be called for more data."""
    return any(each.place is not None and is_hidden(each.place) for each in site.links())


def _is_turn_of(site: Site, loop: LoopTurned) -> bool:
    return site.is_turn and site.place == loop.place and site.parent is loop.site


def _is_within(site: Site, loop: LoopTurned) -> bool:
    """Whether something happened in a turn of a loop."""
    return any(_is_turn_of(each, loop) for each in site.links())
