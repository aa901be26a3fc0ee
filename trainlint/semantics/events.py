"""What happens to networks and optimizers, in the order in which it happens.

Each path of execution ends in a `Trace`: the last event on it, and the traces from which the path went on. Where paths
meet, theirs are joined; a loop is its turns one after the other, left after any of them. So a trace is a graph without
cycles, and whoever asks what came before an event walks it backward.
"""

from __future__ import annotations

from collections.abc import Sequence

from trainlint.semantics.immutable import frozen
from trainlint.semantics.values import Condition, Node, ObjectId, Place, Site

Path = tuple[Condition, ...]


@frozen
class Modal:
    """A layer that does something else in training mode, and whether it is in it."""

    name: str
    place: Place | None
    training: bool


@frozen(eq=False)
class Event:
    """Something happened to ``subjects``; None if nobody knows to which.

    ``kind`` is ``made`` (an optimizer or a schedule), ``backward`` (the subjects are the layers that the gradient
    reaches), ``clear``, ``clip`` (gradients were made smaller), ``unscale`` (those of an optimizer were divided by
    the factor of a scaler), ``step`` (of an optimizer, perhaps by means of a scaler), ``update`` (a scaler adapted
    its factor), ``schedule`` (the rate was moved on), ``forward``, ``part`` (of a network was called, with
    gradients off), ``mode``, ``anything`` (something that was not followed had its hands on the subjects) or
    ``begin`` (an assumed run begins: nobody knows what was before). One that is not ``certain`` may have happened.
    """

    kind: str
    subjects: frozenset[ObjectId] | None
    place: Place | None
    site: Site
    moment: int
    conditions: Path
    assumed: Place | None
    exceptional: bool
    certain: bool = True
    training: bool | None = None  # of a forward pass or a change of mode: whether the network is in training mode
    told: bool = False  # the mode is an argument of the pass
    results: tuple[Node, ...] = ()  # what a forward pass has made
    weights: frozenset[ObjectId] = frozenset()  # the network and all layers in it
    modal: Modal | None = None  # a layer in the network that does something else in training mode
    given: tuple[object, ...] = ()  # where what a forward pass was called with comes from
    gradient: bool = True  # whether gradients are recorded
    graph: bool = False  # of a forward pass: whether its results surely hold a graph
    summed: tuple[Site, ...] = ()  # of a step: where the gradients were derived that are added up in what it was given


@frozen(eq=False)
class Trace:
    """The end of a path: an event after one trace, or several traces that meet, each under what its path assumes."""

    before: tuple[tuple[Path, Trace | None], ...]
    event: Event | None = None


@frozen(eq=False)
class Stretch:
    """All that happened from one point to another, seen from a site."""

    start: Trace | None
    end: Trace | None
    site: Site

    def traces(self) -> list[Trace]:
        """The traces after the start, each after those that lead to it."""
        order: list[Trace] = []
        seen = {id(self.start), id(None)}
        pending = [(self.end, False)]
        while pending:
            at, done = pending.pop()
            if at is None or (id(at) in seen and not done):
                continue
            if done:
                order.append(at)
                continue
            seen.add(id(at))
            pending.append((at, True))
            pending += ((before, False) for _, before in at.before)
        return order


def joined(ends: Sequence[tuple[Path, Trace | None, bool]]) -> Trace | None:
    """The trace where paths meet; those that only an exception leads to do not count beside others."""
    usual = [(path, trace) for path, trace, exceptional in ends if not exceptional]
    distinct = {id(trace): (path, trace) for path, trace in usual or [(path, trace) for path, trace, _ in ends]}
    if len(distinct) == 1:
        return next(iter(distinct.values()))[1]
    return Trace(tuple(distinct.values()))


def between(start: Trace | None, end: Trace | None) -> tuple[Event, ...]:
    """The events on all ways from one trace to another, in no order."""
    found: list[Event] = []
    pending, seen = [end], {id(start)}
    while pending:
        at = pending.pop()
        if at is None or id(at) in seen:
            continue
        seen.add(id(at))
        if at.event is not None:
            found.append(at.event)
        pending += (each for _, each in at.before)
    return tuple(reversed(found))
