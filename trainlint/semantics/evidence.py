"""How a value became what it is: the few steps of its history that explain one of its properties."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from trainlint.semantics.values import Node, Place, Site, Value

MOST_STEPS = 5
SOURCE = "data"  # the operation that makes data
_CROSSINGS = frozenset({"return", "given"})


@frozen
class Step:
    """A step worth showing: where, and what happened there; ``says`` tells it where that is not plain."""

    place: Place
    op: str
    label: str
    says: str = ""


def history(value: Value, name: str) -> Iterator[Node]:
    """The operations that carried property ``name`` into ``value``, the latest first, down to the one that set it."""
    node = value.origin
    while node is not None:
        yield node
        carrier = node.carrier.get(name)
        if carrier is None or carrier >= len(node.inputs):
            return
        node = node.inputs[carrier].origin


def maker(value: Value, name: str) -> Node | None:
    """The operation that set property ``name`` of ``value``."""
    last = None
    for node in history(value, name):
        last = node
    return last


def made(value: Value, name: str) -> Value:
    """What the operation gave that set property ``name`` of ``value``."""
    for node in list(history(value, name))[:-1]:
        value = node.inputs[node.carrier[name]]
    return value


def explain(value: Value, name: str) -> tuple[Step, ...]:
    """The steps from the maker of a property to the value, the maker first: it, and where the value was handed on."""
    nodes = list(history(value, name))
    if not nodes:
        return ()
    kept = [nodes[-1], *(node for node in reversed(nodes[:-1]) if node.op in _CROSSINGS)]
    steps: list[Step] = []
    for node in kept:
        place = node.place
        if place is not None and not is_hidden(place) and all(step.place != place for step in steps):
            steps.append(Step(place, node.op, node.label))
    return tuple(steps[:1] + steps[1:][-(MOST_STEPS - 1) :])


def is_hidden(place: Place) -> bool:
    """Whether a place lies in a stub, which is nobody's source."""
    return place.path.startswith("stub:")


def calls_within(site: Site, outer: Site) -> tuple[Step, ...]:
    """The calls that lead from one site, as from the turn of a loop, to another."""
    found: list[Step] = []
    for each in site.links():
        if each is outer:
            break
        if not each.is_turn and each.place is not None and not is_hidden(each.place):
            found.insert(0, Step(each.place, "call", "", "called here"))
    return tuple(found[:MOST_STEPS])


def visible(place: Place | None, site: Site) -> Place | None:
    """The place itself, or the user's call that led into the stub where it lies."""
    at: Site | None = site
    while place is None or is_hidden(place):
        if at is None:
            return None
        place, at = at.place, at.parent
    return place
