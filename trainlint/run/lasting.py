"""Dropouts that go on in evaluation, unless that is what they are for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.orders import in_one_turn
from trainlint.run.subjects import Subject
from trainlint.semantics.evidence import visible
from trainlint.semantics.facts import Facts, Lasting, Ran
from trainlint.semantics.libraries import short
from trainlint.semantics.values import ObjectId

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


@frozen(eq=False, kw_only=True)
class AlwaysOn(Subject):
    """A function drops values of a network in any mode; ``written`` says that it was told to, not just left alone."""

    name: str
    written: bool


def always_on(machine: Machine) -> Iterator[AlwaysOn]:
    """Every such dropout; not those of a network that is run again and again for the same input, to draw samples."""
    facts = machine.facts
    sampled = _sampled(facts) if facts.lasting else set()
    meant = {each.place for each in facts.lasting if each.network in sampled}
    for each in facts.lasting:
        place = visible(each.place, each.site)
        if place is None or each.place in meant or each.exceptional or _is_only_defined(each):
            continue
        yield AlwaysOn(
            name=short(each.name),
            written=each.written,
            place=place,
            call=place,
            conditions=each.conditions,
            assumed=each.assumed,
            exceptional=False,
        )


def _is_only_defined(dropout: Lasting) -> bool:
    """Whether it was told to go on, in a network of which nobody says what it is for."""
    return dropout.written and dropout.assumed is not None


def _sampled(facts: Facts) -> set[ObjectId]:
    """The networks that are run at one place in several turns, for the same arguments and with the same weights.

    What a loop hands out in one turn is not what it hands out in the next.
    """
    changes = [
        each.event.moment for each in facts.events if each.event is not None and each.event.kind in ("backward", "step")
    ]
    found: set[ObjectId] = set()
    last: dict[object, Ran] = {}
    for each in facts.runs:
        key = (each.network, each.place, each.given)
        before = last.get(key)
        last[key] = each
        if before is None or in_one_turn(before.site, each.site):
            continue
        if not any(before.moment < moment < each.moment for moment in changes):
            found.add(each.network)
    return found
