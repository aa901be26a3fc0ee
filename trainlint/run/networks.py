"""Networks: what an optimizer trains, and whether it is more than one linear map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.run.losses import LossTerm
from trainlint.semantics import containers
from trainlint.semantics.primitives import BENDING
from trainlint.semantics.values import Library, ObjectId, Parameters, Tensor, Unknown, Value, options

if TYPE_CHECKING:
    from trainlint.knowledge.schema import Entry
    from trainlint.semantics.machine import Machine

WHOLE = frozenset({"attention", "recurrent"})  # layers that are nonlinear in weights of their own
SEVERAL = 3  # layers with weights that are taken for a network where no loss was seen


def is_network(machine: Machine, parameters: Value, depth: int = 0) -> bool:
    """Whether what an optimizer was given are the parameters of modules, and nothing else that was not followed."""
    if depth > 4:
        return False
    alternatives = [option for _, option in options(parameters)]
    if alternatives != [parameters]:
        return all(is_network(machine, each, depth + 1) for each in alternatives)
    if isinstance(parameters, Parameters):
        return True
    mapping = containers.mapping_of(machine, parameters)
    if mapping is not None:
        parts = [each for key, each in mapping.items if getattr(key, "text", None) == "params"]
    elif isinstance(parameters, Tensor | Unknown):
        return False
    else:
        sequence = containers.items_of(machine, parameters)
        parts = [] if sequence is None else list(sequence.known)
    return bool(parts) and all(is_network(machine, each, depth + 1) for each in parts)


def holds_layers(machine: Machine, owned: frozenset[ObjectId]) -> bool:
    """Whether some of these weights are those of layers of the library."""
    return any(_entry(machine, owner) is not None for owner in owned)


def is_deep(machine: Machine, owned: frozenset[ObjectId], losses: tuple[LossTerm, ...]) -> bool:
    """Whether weights among these come after a nonlinearity that follows others of them."""
    layers = [entry for entry in (_entry(machine, owner) for owner in owned) if entry is not None]
    if any(entry.deep for entry in layers):
        return True
    judged = False
    for loss in losses:
        prediction = loss.prediction
        if isinstance(prediction, Tensor) and prediction.live & owned:
            judged = True
            if _bends(prediction, owned):
                return True
    return not judged and sum(entry.weights for entry in layers) >= SEVERAL


def _bends(prediction: Tensor, owned: frozenset[ObjectId]) -> bool:
    whole = prediction.live & owned
    pending: list[Value] = [prediction]
    seen: set[int] = set()
    while pending:
        value = pending.pop()
        node = value.origin
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        pending.extend(node.inputs)
        if node.op in WHOLE:
            return True
        if node.op in BENDING:
            for each in node.inputs:
                if isinstance(each, Tensor) and each.live & owned and each.live & owned < whole:
                    return True
    return False


def _entry(machine: Machine, owner: ObjectId) -> Entry | None:
    """The knowledge of a layer of the library."""
    for cls in machine.classes(machine.made.get(owner, machine.nothing)):
        entry = machine.knowledge.entries.get(cls.name) if isinstance(cls, Library) else None
        if entry is not None:
            return entry
    return None
