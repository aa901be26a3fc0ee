"""Losses that are kept from turn to turn together with their graphs, and never go backward together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.run.code import Code, Edits
from trainlint.run.passes import reached
from trainlint.run.subjects import Subject
from trainlint.semantics.carried import MOST, graph, tensors
from trainlint.semantics.evidence import Step, visible
from trainlint.semantics.facts import Carried, Objective
from trainlint.semantics.values import Node, Place, Tensor, Value
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

LOSS = "loss"  # the operation of a loss of the library


@frozen(eq=False, kw_only=True)
class Kept(Subject):
    """A loss is added to those of earlier turns, or is a further ``item`` beside them; ``loss`` is where it is made."""

    item: bool
    loss: tuple[Step, ...]

    def detached(self, code: Code) -> Edits:
        """The loss without its graph, where it is added or handed over."""
        found = _added(code, self.place)
        return () if found is None else code.append(code.beside(self.place, found), ".detach()")


def _added(code: Code, place: Place) -> tree.Expression | None:
    """What is added to a name, or handed to a method as its only argument."""
    chain = code.chain(place)
    node = chain[-1] if chain else None
    if isinstance(node, tree.Augment):
        return node.value if node.op == "+" else None
    if isinstance(node, tree.Call) and len(node.arguments) == 1:
        argument = node.arguments[0]
        return None if argument.keyword or argument.star else argument.value
    above = chain[-2] if len(chain) > 1 else None
    if isinstance(above, tree.Argument) and isinstance(node, tree.Name | tree.Attribute):
        return None if above.keyword or above.star else node
    if isinstance(node, tree.Binary) and node.op == "+" and isinstance(above, tree.Assign) and len(above.targets) == 1:
        old = code.text(code.beside(place, above.targets[0]))
        sides = [each for each in (node.left, node.right) if code.text(code.beside(place, each)) != old]
        return sides[0] if len(sides) == 1 else None
    return None


def kept(machine: Machine) -> Iterator[Kept]:
    """Every place where losses pile up; what is made of such a pile is not another one."""
    facts = machine.facts
    if not facts.carried:
        return
    objectives = [each for each in facts.objectives if not each.exceptional]
    roots = {each.value.origin for each in objectives if isinstance(each.value, Tensor)}
    astray = reached(facts.strayed, graphs=True)
    piled: set[Place] = set()
    for each in facts.carried:
        if each.exceptional or machine.ended_early(each.assumed) or _is_taped(machine, each):
            continue
        old, new = each.old.origin, each.new.origin
        before, now = _loss(each.old, roots, piled, None), _loss(each.new, roots, piled, old)
        if before is None or now is None or old is None or new is None or {old, new} & astray:
            continue
        if _goes_backward(machine, each, objectives) or (each.assumed and not _is_trained(each, before, objectives)):
            continue
        at = facts.stored.get(new, new.place) if each.item else new.place
        place, made = visible(at, each.turn), visible(now.place, each.turn)
        if place is None or made is None:
            continue
        piled |= {one for one in (at, new.place) if one is not None}
        yield Kept(
            item=each.item,
            loss=(Step(made, LOSS, ""),),
            place=place,
            call=place,
            conditions=each.conditions,
            assumed=each.assumed,
            exceptional=False,
        )


def _is_taped(machine: Machine, carried: Carried) -> bool:
    """Whether these are tensors of a library that keeps graphs in a tape, not in tensors."""
    return any(machine.knowledge.is_unchanging(each.library) for each in (carried.old, carried.new))


def _loss(value: Tensor, roots: set[Node | None], piled: set[Place], stop: Node | None) -> Node | None:
    """A loss in the graph of a value; not past ``stop``, nor in a pile that was seen."""
    pending: list[Value] = [value]
    seen: set[Node | None] = {stop}
    while pending and len(seen) < MOST:
        node = pending.pop().origin
        if node is None or node in seen:
            continue
        if node.op == LOSS or node in roots:
            return node
        seen.add(node)
        if node.place not in piled:
            pending += (each for one in node.inputs for each in tensors(one))
    return None


def _goes_backward(machine: Machine, carried: Carried, objectives: list[Objective]) -> bool:
    """Whether what a turn has left goes backward later, or may."""
    told = {each.place for each in objectives if isinstance(each.value, Tensor)}
    for trace in machine.facts.events:
        event = trace.event
        if event is None or event.place in told:
            continue
        if event.kind == "backward":
            if event.subjects is None or (event.certain and event.subjects & carried.new.live):
                return True
        elif event.kind == "anything" and carried.item and (not event.subjects or carried.holder in event.subjects):
            return True
    later = (each.value for each in objectives if carried.turn not in each.site.links())
    return carried.old.origin in reached(later)


def _is_trained(carried: Carried, loss: Node, objectives: list[Objective]) -> bool:
    """Whether the loss itself went backward in its own turn."""
    return any(carried.turn in each.site.links() and loss in graph(each.value) for each in objectives)
