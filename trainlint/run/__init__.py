"""The facts of one training run, in the words in which rules ask for them."""

from __future__ import annotations

import functools

from trainlint.model import Span
from trainlint.run.accumulations import Accumulation, accumulations
from trainlint.run.activations import Activation
from trainlint.run.code import Code
from trainlint.run.detached import Detached, detached
from trainlint.run.dropouts import Dropout, dropouts
from trainlint.run.gradients import Cut, Gradients, cuts
from trainlint.run.inputs import Input, inputs
from trainlint.run.kept import Kept, kept
from trainlint.run.lasting import AlwaysOn, always_on
from trainlint.run.losses import LossTerm, losses
from trainlint.run.mending import Mending
from trainlint.run.orders import Order, Update, orders
from trainlint.run.passes import Pass, passes
from trainlint.run.rates import Rate, rates
from trainlint.run.schedulers import Scheduler, plans, schedulers
from trainlint.run.softmaxes import Softmax, softmaxes
from trainlint.run.subjects import Subject, Written
from trainlint.run.trainings import Training, trainings
from trainlint.run.units import SingleUnit, explain_units, single_units
from trainlint.run.unrecorded import Unrecorded, unrecorded
from trainlint.semantics.facts import Facts
from trainlint.semantics.machine import Machine
from trainlint.semantics.values import Place

__all__ = [
    "Accumulation",
    "Activation",
    "AlwaysOn",
    "Code",
    "Cut",
    "Detached",
    "Dropout",
    "Input",
    "Kept",
    "LossTerm",
    "Mending",
    "Order",
    "Pass",
    "Rate",
    "Run",
    "Scheduler",
    "SingleUnit",
    "Softmax",
    "Subject",
    "Training",
    "Unrecorded",
    "Update",
    "Written",
    "explain_units",
]


class Run:
    """What one unit has shown."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.facts: Facts = machine.facts

    @functools.cached_property
    def code(self) -> Code:
        """The text of the program, for fixes."""
        return Code(self.machine.program)

    @functools.cached_property
    def mending(self) -> Mending:
        """Changes of networks and losses, for fixes."""
        return Mending(self.code, self.machine.knowledge)

    @functools.cached_property
    def losses(self) -> tuple[LossTerm, ...]:
        """Every meeting of a prediction with a target."""
        return tuple(losses(self.machine))

    @functools.cached_property
    def rates(self) -> tuple[Rate, ...]:
        """Every learning rate that reaches an optimizer: given to it, written to it, or the peak of its schedule."""
        return tuple(rates(self.machine, self.losses))

    @functools.cached_property
    def softmaxes(self) -> tuple[Softmax, ...]:
        """Every division of exponentials by their own sum."""
        return tuple(softmaxes(self.machine, self.losses))

    @functools.cached_property
    def inputs(self) -> tuple[Input, ...]:
        """Every meeting of known data with the first weights of a network."""
        return tuple(inputs(self.machine))

    @functools.cached_property
    def dropouts(self) -> tuple[Dropout, ...]:
        """Every probability that reaches a dropout."""
        return tuple(dropouts(self.machine))

    @functools.cached_property
    def always_on(self) -> tuple[AlwaysOn, ...]:
        """Every dropout that evaluation does not turn off."""
        return tuple(always_on(self.machine))

    @functools.cached_property
    def trainings(self) -> tuple[Training, ...]:
        """Every loss that is minimised in a loop, by an optimizer of its own."""
        return tuple(trainings(self.machine))

    @functools.cached_property
    def orders(self) -> tuple[Order, ...]:
        """What happens to the gradients of every optimizer's weights, one thing after the other."""
        return tuple(orders(self.machine))

    @functools.cached_property
    def updates(self) -> tuple[Update, ...]:
        """Every step that an optimizer surely takes."""
        return tuple(update for order in self.orders for update in order.updates)

    @functools.cached_property
    def accumulations(self) -> tuple[Accumulation, ...]:
        """Every place from which the gradients of several batches come together before a step."""
        return tuple(accumulations(self.machine, self.orders))

    @functools.cached_property
    def passes(self) -> tuple[Pass, ...]:
        """Every call of a network that does something else in training mode."""
        return tuple(passes(self.machine, self.orders))

    @functools.cached_property
    def unrecorded(self) -> tuple[Unrecorded, ...]:
        """Every pass that is to be trained while gradients are off."""
        return tuple(unrecorded(self.machine, self.orders, self.gradients))

    @functools.cached_property
    def gradients(self) -> Gradients:
        """Which weights are reached by what is sent backward."""
        return Gradients(self.machine, self.orders)

    @functools.cached_property
    def cuts(self) -> tuple[Cut, ...]:
        """Every step at which weights are lost that an optimizer moves."""
        return tuple(cuts(self.machine, self.gradients))

    @functools.cached_property
    def detached(self) -> tuple[Detached, ...]:
        """Every optimizer that does not hold the weights which are trained."""
        return tuple(detached(self.machine, self.orders, self.gradients))

    @functools.cached_property
    def kept(self) -> tuple[Kept, ...]:
        """Every loss that is kept from turn to turn with its graph."""
        return tuple(kept(self.machine))

    @functools.cached_property
    def schedulers(self) -> tuple[Scheduler, ...]:
        """Every schedule of an optimizer that steps again and again."""
        return (*schedulers(self.machine, self.orders), *plans(self.machine, self.orders))

    @functools.cached_property
    def single_units(self) -> tuple[SingleUnit, ...]:
        """Every softmax over a single unit."""
        return tuple(single_units(self.machine, self.losses))

    def siblings(self, subject: Subject) -> list[Subject]:
        """The alternatives of ``subject``: of the same kind, in the same call, on the same path."""
        kin: tuple[Subject, ...] = self.inputs if isinstance(subject, Input) else self.losses
        if isinstance(subject, Written):
            kin = self.rates if isinstance(subject, Rate) else self.dropouts
        elif isinstance(subject, Training):
            kin = self.trainings
        elif isinstance(
            subject, Accumulation | AlwaysOn | Cut | Detached | Kept | Order | Update | Pass | Scheduler | Unrecorded
        ):
            kin = ()
        return [each for each in kin if each.call == subject.call and each.conditions == subject.conditions]

    def span(self, place: Place) -> Span | None:
        """Where a place lies in its file."""
        from trainlint.syntax.spans import span

        segment = self.machine.program.segment(place)
        if segment is None:
            return None
        start, end = span(segment, place.at)
        return Span(place.path, start, end)
