"""Schedulers: whether anything moves them on, and before or after their optimizer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.code import Code, Edits
from trainlint.run.orders import Order, in_one_turn
from trainlint.run.subjects import Subject
from trainlint.semantics.automata import Automaton, follow
from trainlint.semantics.events import Event
from trainlint.semantics.evidence import Step, is_hidden, visible
from trainlint.semantics.facts import ScheduleMade

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

NEW, USED = "new", "used"
STEPS = Automaton(NEW, {(NEW, "step"): USED}, {})


@frozen(eq=False, kw_only=True)
class Scheduler(Subject):
    """A schedule of an optimizer that steps again and again.

    ``moved`` says that something moves it on, or may; ``early`` is where it surely moves on before the optimizer has
    taken a step, although one follows in the same turn.
    """

    moved: bool
    early: Subject | None
    steps: tuple[Step, ...]

    def moved_later(self, code: Code) -> Edits:
        """The early call put after the statement in which the optimizer steps."""
        if self.early is None:
            return ()
        later = code.later(self.early.place, self.steps[0].place)
        return () if later is None else code.move_after(self.early.place, later)


def schedulers(machine: Machine, orders: tuple[Order, ...]) -> Iterator[Scheduler]:
    """Every schedule of the library whose optimizer is used."""
    for made in machine.facts.schedules:
        of = getattr(made.optimizer, "id", None)
        order = next((each for each in orders if each.made.optimizer.id is of), None)
        moving = None if order is None else order.moving
        place = visible(made.call, made.site)
        if is_hidden(made.call):
            continue  # what a driver makes for itself is its own affair
        if made.schedule is not None and order is not None and moving is not None and place is not None:
            yield Scheduler(
                moved=_moved(machine, made),
                early=_early(machine, made, order),
                steps=(Step(moving.place, "step", "", "the optimizer steps here"),),
                place=place,
                call=place,
                conditions=made.conditions,
                assumed=made.assumed,
                exceptional=made.exceptional,
            )


def _moved(machine: Machine, made: ScheduleMade) -> bool:
    assert made.schedule is not None
    own = made.schedule.id
    for trace in machine.facts.events:
        event = trace.event
        if event is None or event.moment < made.moment:
            continue
        if event.kind in ("schedule", "anything") and (event.subjects is None or own in event.subjects):
            return True
        if event.kind == "step" and event.subjects is None:
            return True
    return machine.ended_early(made.assumed)


def _early(machine: Machine, made: ScheduleMade, order: Order) -> Subject | None:
    assert made.schedule is not None
    own, optimizer = made.schedule.id, order.made.optimizer.id

    def kind_of(event: Event) -> str | None:
        if event.subjects is None:
            return event.kind
        if own in event.subjects:
            return event.kind
        return "step" if event.kind == "step" and optimizer in event.subjects else None

    for event, states in follow(machine.facts.events, STEPS, kind_of, made.conditions):
        if event.kind == "schedule" and event.certain and not event.exceptional and states.keys() == {NEW}:
            place = visible(event.place, event.site)
            later = (each.event for each in order.updates if each.event.moment > event.moment)
            if place is not None and any(in_one_turn(event.site, each.site) for each in later):
                return Subject(
                    place=place,
                    call=place,
                    conditions=event.conditions,
                    assumed=event.assumed,
                    exceptional=event.exceptional,
                )
            return None
    return None
