"""What one run has shown: networks, losses applied, optimizers, steps, and what could not be followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field, frozen

if TYPE_CHECKING:
    from trainlint.knowledge.library import Loss
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
class Entered:
    """A network was called."""

    network: Object
    value: Value
    result: Value
    place: Place | None
    assumed: Place | None


@define
class Facts:
    losses: list[LossApplied] = field(factory=list)
    objectives: list[Objective] = field(factory=list)
    optimizers: list[OptimizerMade] = field(factory=list)
    forwards: list[Entered] = field(factory=list)
    steps: list[tuple[Value, Place]] = field(factory=list)
