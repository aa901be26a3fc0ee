"""Inputs: where known data meets the first weights of a network, and how it was scaled on the way there."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.subjects import Subject
from trainlint.semantics import rescaling, scales
from trainlint.semantics.evidence import Step, explain, visible
from trainlint.semantics.facts import Facts
from trainlint.semantics.feeding import WEIGHING
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.rescaling import Rescaling
from trainlint.semantics.rows import Rows, rows_of
from trainlint.semantics.values import Node, ObjectId, Place, Scale, Site, Tensor, Unknown, Value, options

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

MOST_NODES = 20_000


@frozen(eq=False, kw_only=True)
class Input(Subject):
    """Known data met the weights of a layer of a network.

    ``settled`` says that all alternatives of the input are known data. ``source`` is where the data was read, ``given``
    what it was there, ``way`` where it was handed on, ``rescalings`` the steps that changed its scale, in order, and
    ``met`` where the layer stands, which is of ``owner``.
    """

    data: Tensor
    scale: Scale
    layer: str
    facts: Facts
    owner: ObjectId
    met: Step | None
    settled: bool
    source: Node
    given: Scale
    way: tuple[Step, ...]
    rescalings: tuple[Rescaling, ...]
    site: Site

    @functools.cached_property
    def passes(self) -> tuple[Node, ...]:
        """The calls of the layer with this very data that something that is minimised was computed from."""
        return tuple(_passes(self.facts, self.data, self.owner))

    @property
    def trained(self) -> bool:
        """Whether this pass is part of what is minimised."""
        return bool(self.passes)

    @property
    def levelled(self) -> bool:
        """Whether what the layer gives is normalised before anything depends on how large it is."""
        return bool(self.passes) and all(node in self.facts.levelled for node in self.passes)

    @property
    def reach(self) -> Interval:
        return scales.hull(self.scale)

    @property
    def rows(self) -> Rows | None:
        """Which rows of which data it is made of."""
        return rows_of(self.data)

    @property
    def doubtful(self) -> bool:
        """Whether it may be something else, for all that the defaults say."""
        return not self.settled and any(condition.shipped is None for condition in self.chosen)

    def evidence(self, says: str) -> tuple[Step, ...]:
        """The way of the data from its source to the layer, of which ``says`` tells."""
        if self.met is None or any(step.place == self.met.place for step in self.way):
            return self.way
        return (*self.way, evolve(self.met, says=says))

    def seen(self, step: Rescaling) -> Place | None:
        """Where the author of the program sees a step."""
        return visible(step.node.place, self.site)


def inputs(machine: Machine) -> Iterator[Input]:
    """Every meeting of known data with the first weights of a network."""
    for fed in machine.facts.fed:
        source = rescaling.source(fed.data)
        place = visible(fed.call, fed.site)
        if source is None or place is None or fed.data.scale is None:
            continue
        layer = visible(fed.layer, fed.owner.site)
        yield Input(
            data=fed.data,
            scale=fed.data.scale,
            layer=fed.name,
            facts=machine.facts,
            owner=fed.owner,
            settled=fed.complete,
            met=None if layer is None else Step(layer, "layer", fed.name),
            way=explain(fed.data, "data"),
            rescalings=rescaling.rescalings(fed.data),
            source=source,
            given=rescaling.given(fed.data) or fed.data.scale,
            site=fed.site,
            place=place,
            call=place,
            conditions=fed.conditions,
            chosen=fed.chosen,
            assumed=fed.assumed,
            exceptional=fed.exceptional,
        )


def _passes(facts: Facts, data: Tensor, owner: ObjectId) -> Iterator[Node]:
    pending: list[Value] = [option for each in facts.objectives for _, option in options(each.value)]
    seen: set[int] = set()
    while pending and len(seen) < MOST_NODES:
        value = pending.pop()
        node = value.origin
        if node is None or id(node) in seen or not _learns(value, owner):
            continue
        seen.add(id(node))
        if node.op in WEIGHING and any(each is data for each in node.inputs):
            yield node
        pending.extend(node.inputs)


def _learns(value: Value, owner: ObjectId) -> bool:
    """Whether a gradient of a value reaches a layer, as far as it was followed."""
    return owner in value.live if isinstance(value, Tensor) else isinstance(value, Unknown)
