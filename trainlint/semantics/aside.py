"""Calls beside the point: what leads to no training may take only so many steps that bring nothing of a network.

Reading archives, preparing folders or checking versions can take more steps than all the rest of a program. Such a call
is given up, and counts as one that was not followed; one that is given a network never is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from attrs import define

from trainlint.semantics import recording
from trainlint.semantics.libraries import is_network
from trainlint.semantics.slices import Slices
from trainlint.semantics.values import Function, Place, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

MOST = 4_000  # steps of such a call


@define(eq=False)
class Aside:
    """A call that leads to no training, and is being run."""

    fuel: int  # where it is given up
    news: int  # what was known of networks and their training before


class GivenUp(Exception):  # noqa: N818 - not an error
    """The call that is beside the point takes too long."""


def run(
    machine: Machine,
    function: Function,
    given: Iterable[Value],
    place: Place | None,
    call: Callable[[], Value],
) -> Value:
    """What a call gives; unknown if it was given up, now or before."""
    outer = machine.aside
    if (outer is not None and outer.news == machine.facts.news) or leads(machine, function.place):
        return call()
    given = tuple(given)
    if any(is_network(machine, each) for each in given):
        return call()
    if function.place not in machine.given_up:
        start = machine.now.fork()
        own = machine.aside = Aside(machine.fuel - MOST, machine.facts.news)
        try:
            return call()
        except GivenUp:
            if machine.aside is not own:
                raise
            machine.state = start
            machine.given_up.add(function.place)
        finally:
            machine.aside = outer
    recording.unfollowed(machine, function, given, place)
    return machine.unknown("more steps than it is worth", place)


def check(machine: Machine) -> None:
    """Raise `GivenUp` if what is run is beside the point and takes too long."""
    aside = machine.aside
    if aside is not None and machine.fuel < aside.fuel and aside.news == machine.facts.news:
        raise GivenUp


def leads(machine: Machine, place: Place) -> bool:
    """Whether a definition leads to training, or stands in the root file."""
    key = place.path, place.segment
    known = machine.leading.get(key)
    if known is None:
        known = place.path == machine.program.root or Slices(machine.program, machine.knowledge.triggers).reaches(key)
        machine.leading[key] = known
    return known
