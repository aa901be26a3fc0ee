"""Activations: what the last one of a network made of its units."""

from __future__ import annotations

from attrs import frozen

from trainlint.semantics import shapes
from trainlint.semantics.evidence import history, made
from trainlint.semantics.primitives import LOG_PROBABILITIES, PROBABILITIES
from trainlint.semantics.values import Node, Tensor, Value

_STRAIGHT = frozenset({"return", "given", "layout", "same", "clamp", "extreme", "sum", "log"})  # each unit on its own


@frozen
class Activation:
    """The step that made probabilities, what it gave, and along which axis; None where that is not known."""

    node: Node
    value: Tensor
    axis: int | None

    @property
    def label(self) -> str:
        return self.node.label

    @property
    def units(self) -> int | None:
        """Of how many units it made probabilities."""
        return None if self.axis is None else shapes.length(self.value.shape, self.axis)


def activation(prediction: Value) -> Activation | None:
    """The step that made probabilities of all the units of a prediction; None if it then picked some or mixed them."""
    nodes, origin = list(history(prediction, "content")), made(prediction, "content")
    if not nodes or any(node.op not in _STRAIGHT for node in nodes[:-1]) or any(map(_is_probable, nodes[-1].inputs)):
        return None
    return Activation(nodes[-1], origin, _axis(origin)) if isinstance(origin, Tensor) else None


def _is_probable(value: Value) -> bool:
    return isinstance(value, Tensor) and value.content in PROBABILITIES | LOG_PROBABILITIES


def _axis(x: Tensor) -> int | None:
    """The axis of the classes; what may have more axes is taken to be a batch of rows."""
    return -1 if x.axis == 1 and x.shape is not None and shapes.is_open(x.shape) else x.axis
