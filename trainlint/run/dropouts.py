"""Dropouts: every probability with which values of a network are dropped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.subjects import Written
from trainlint.semantics.evidence import visible
from trainlint.semantics.facts import DropoutMet
from trainlint.semantics.libraries import short
from trainlint.semantics.values import Place, Site, known_number, options

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


@frozen(eq=False, kw_only=True)
class Dropout(Written):
    """A probability reached a dropout.

    ``keeps`` says that it is the probability to keep a value; ``rate`` is that to drop one. ``hidden`` says that the
    values were computed with weights, and ``swept`` that a loop trains with several probabilities in turn.
    """

    name: str
    keeps: bool
    rate: float | None
    hidden: bool
    swept: bool


def dropouts(machine: Machine) -> Iterator[Dropout]:
    """Every probability of every dropout, one for each alternative of its value.

    Of several uses of one dropout the one on hidden values counts.
    """
    found: dict[object, Dropout] = {}
    for each in _alternatives(machine):
        key = (each.place, each.given, each.conditions, each.chosen, each.assumed)
        if key not in found or each.hidden:
            found[key] = each
    yield from found.values()


def _alternatives(machine: Machine) -> Iterator[Dropout]:
    met = machine.facts.dropouts
    together: dict[Place, list[DropoutMet]] = {}
    for each in met:
        together.setdefault(each.place, []).append(each)
    several = {place for place, group in together.items() if len({known_number(each.value) for each in group}) > 1}
    trained = {turn for each in machine.facts.objectives for turn in each.site.turns()}
    for each in met:
        place, call = visible(each.place, each.site), visible(each.call, each.site)
        if place is None or call is None:
            continue
        others = together[each.place] if each.place in several else ()
        swept = any(_is_other_run(each, other, trained) for other in others)
        for chosen, value in options(each.value):
            number = known_number(value)
            yield Dropout(
                name=short(each.name),
                value=value,
                given=number,
                keeps=each.keeps,
                rate=number if number is None or not each.keeps else 1 - number,
                hidden=each.hidden,
                swept=swept,
                place=place,
                call=call,
                conditions=each.conditions,
                chosen=chosen,
                assumed=each.assumed,
                exceptional=each.exceptional,
            )


def _is_other_run(mine: DropoutMet, other: DropoutMet, trained: set[Site]) -> bool:
    """Whether the same dropout had another probability in another turn of a loop, each of whose turns trains."""
    if known_number(mine.value) == known_number(other.value):
        return False
    a, b = _parting(mine.site, other.site)
    return a is not b and a in trained and b in trained and a.place == b.place


def _parting(a: Site, b: Site) -> tuple[Site, Site]:
    """Where two ways part: the first links that are not the same."""
    while a.depth > b.depth and a.parent is not None:
        a = a.parent
    while b.depth > a.depth and b.parent is not None:
        b = b.parent
    while a.parent is not b.parent and a.parent is not None and b.parent is not None:
        a, b = a.parent, b.parent
    return a, b
