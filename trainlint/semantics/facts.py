"""What one run has shown: networks, losses applied, optimizers, steps, and what could not be followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field, frozen

if TYPE_CHECKING:
    from trainlint.knowledge.library import Loss
    from trainlint.semantics.schedules import Effect
    from trainlint.semantics.values import Condition, Object, ObjectId, Place, Site, Value


@frozen(eq=False)
class LossApplied:
    """A library loss met its prediction; ``alternatives`` of the same call differ in the ``chosen`` conditions."""

    name: str
    loss: Loss
    prediction: Value
    target: Value
    prediction_place: Place
    target_place: Place | None
    place: Place
    site: Site
    conditions: tuple[Condition, ...]
    chosen: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool


@frozen(eq=False)
class Objective:
    """A value was sent backward, or handed to a driver that does it."""

    value: Value
    place: Place
    site: Site
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool


@frozen(eq=False)
class OptimizerMade:
    optimizer: Object
    name: str
    parameters: Value
    owners: frozenset[ObjectId]
    place: Place
    assumed: Place | None


@frozen(eq=False)
class RateGiven:
    """A learning rate reached a group of parameters: at construction, or ``written`` to the group later."""

    optimizer: Object
    group: Object
    name: str
    value: Value
    parameters: Value
    place: Place
    call: Place
    site: Site
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool
    moment: int
    written: bool = False
    before: Value | None = None  # what a write took the place of


@frozen(eq=False)
class StepTaken:
    """An optimizer moved its weights, or something that holds one did."""

    optimizer: Value
    site: Site
    moment: int


@frozen(eq=False)
class ScheduleMade:
    """A schedule took over the rates of an optimizer; ``effect`` says what it makes of them."""

    name: str
    optimizer: Value
    effect: Effect
    place: Place
    call: Place
    site: Site
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool
    moment: int


@frozen(eq=False)
class Entered:
    """A network was called."""

    network: Object
    value: Value
    result: Value
    place: Place | None
    assumed: Place | None


@frozen(eq=False)
class Normalised:
    """Something was divided by its own sum: ``value`` is what came out, ``numerator`` what was divided."""

    value: Value
    numerator: Value
    place: Place
    site: Site
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool


@define
class Facts:
    losses: list[LossApplied] = field(factory=list)
    objectives: list[Objective] = field(factory=list)
    optimizers: list[OptimizerMade] = field(factory=list)
    normalised: list[Normalised] = field(factory=list)
    forwards: list[Entered] = field(factory=list)
    steps: list[StepTaken] = field(factory=list)
    rates: list[RateGiven] = field(factory=list)
    schedules: list[ScheduleMade] = field(factory=list)
    growing: dict[Place, float | None] = field(factory=dict)  # writes of rates without a cap: the last, where known
    given_away: set[ObjectId] = field(factory=set)  # optimizers that others had their hands on, or a saved state
    trained: dict[ObjectId, frozenset[ObjectId]] = field(factory=dict)  # weights by optimizers told late
    loaded: set[ObjectId] = field(factory=set)  # layers whose weights came from elsewhere
    moment: int = 0

    def tick(self) -> int:
        """The order of what happened, as a number."""
        self.moment += 1
        return self.moment
