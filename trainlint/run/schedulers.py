"""Schedulers: whether anything moves them on, and before or after their optimizer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.code import Code, Edits
from trainlint.run.orders import Order, birth, in_one_turn
from trainlint.run.subjects import Subject
from trainlint.semantics import recording
from trainlint.semantics.automata import Automaton, follow
from trainlint.semantics.events import Event
from trainlint.semantics.evidence import Step, is_hidden, visible
from trainlint.semantics.facts import PlanMade, ScheduleMade
from trainlint.semantics.values import Choice, Class, Mapping, Object, ObjectId, Sequence, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

NEW, USED = "new", "used"
STEPS = Automaton(NEW, {(NEW, "step"): USED}, {})


@frozen(eq=False, kw_only=True)
class Scheduler(Subject):
    """A schedule of an optimizer that steps again and again, or one that is ``planned`` and waits for an optimizer.

    ``moved`` says that something moves it on or takes it, or may; ``early`` is where it surely moves on before the
    optimizer has taken a step, although one follows in the same turn.
    """

    moved: bool
    planned: bool
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
                planned=False,
                early=_early(machine, made, order),
                steps=(Step(moving.place, "step", "", "the optimizer steps here"),),
                place=place,
                call=place,
                conditions=made.conditions,
                assumed=made.assumed,
                exceptional=made.exceptional,
            )


def plans(machine: Machine, orders: tuple[Order, ...]) -> Iterator[Scheduler]:
    """Every schedule that waits for an optimizer, where one steps again and again that has another rate."""
    moving = next((each.moving for each in orders if each.moving is not None), None)
    for made in machine.facts.plans if moving is not None else ():
        place = visible(made.call, made.site)
        if moving is not None and place is not None and not is_hidden(made.call):
            yield Scheduler(
                moved=_is_taken(machine, made),
                planned=True,
                early=None,
                steps=(Step(moving.place, "step", "", "the optimizer steps here"),),
                place=place,
                call=place,
                conditions=made.conditions,
                assumed=made.assumed,
                exceptional=made.exceptional,
            )


def _is_taken(machine: Machine, plan: PlanMade) -> bool:
    """Whether something has a schedule that may use it: an optimizer, a driver, a container, what is not followed.

    Who asks it for its rates may set them elsewhere, if anything sets rates.
    """
    facts, own = machine.facts, plan.schedule.id
    given = (value for made in facts.optimizers for value in made.settings.values())
    reached = recording.reached(machine, [*facts.handed_over, *facts.touched, *given])
    if reached is None or own in reached or machine.ended_early(plan.assumed):
        return True
    forgotten = _forgotten(machine, plan)
    asked = any(schedule is own and by not in forgotten for schedule, by in facts.asked)
    if asked or any(each.written for each in facts.rates):
        return True
    holders = machine.made.keys() - machine.frames.keys() - {own} - forgotten
    held = (value for holder in holders for value in machine.heap.record(holder).values())
    return any(own in _objects(value) for value in held)


def _forgotten(machine: Machine, plan: PlanMade) -> frozenset[ObjectId]:
    """Plain objects of the project that nothing leads to once the call is over in which a schedule was made.

    What their methods did until then was followed; who outlives the call may do more.
    """
    if plan.assumed is not None or machine.frames[plan.frame].outer is None:
        return frozenset()
    lasting = recording.reached(machine, _lasting(machine))
    if lasting is None:
        return frozenset()
    plain = (id for id, cls in machine.made.items() if isinstance(cls, Class) and _is_plain(cls))
    return frozenset(id for id in plain if id not in lasting)


def _lasting(machine: Machine) -> Iterator[Value]:
    """What the variables of modules and classes hold."""
    for frame, about in machine.frames.items():
        if about.outer is None or about.is_class:
            yield from machine.heap.record(frame).values()
    for cls in machine.made.values():
        if isinstance(cls, Class):
            yield from machine.heap.record(cls.id).values()


def _is_plain(cls: Class) -> bool:
    """Whether no class of a library does something with the objects of a class."""
    return all(isinstance(each, Class) for each in cls.mro)


def _objects(value: Value, depth: int = 0) -> set[ObjectId]:
    if isinstance(value, Object):
        return {value.id}
    inner: tuple[Value, ...] = ()
    if isinstance(value, Sequence):
        inner = tuple(value.known)
    elif isinstance(value, Mapping):
        inner = tuple(each for _, each in value.items)
    elif isinstance(value, Choice):
        inner = tuple(each for _, each in value.options)
    return set().union(*(_objects(each, depth + 1) for each in inner)) if depth < 4 else set()


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

    events = machine.facts.events
    for event, states in follow(events, STEPS, kind_of, made.conditions, born=birth(events, own) or 0):
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
