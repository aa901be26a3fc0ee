"""Labels: targets that name classes, one-hot, by number, or as the answer to a question."""

from __future__ import annotations

from trainlint.run.origins import LIGHT, SELECTIONS, ancestors, core
from trainlint.semantics.intervals import UNIT, point
from trainlint.semantics.values import Node, Number, Sequence, Tensor, Unknown, Value

_CLASSES = frozenset({"one-hot", "index"})
_MOVING = (LIGHT | SELECTIONS | {"drawn"}) - {"scaled"}
_WRITING = frozenset({"setitem", "mixed"})
_FARTHEST = 50  # steps of a history


def labels(target: Value, prediction: Tensor) -> Node | None:
    """The step that made a target the labels of classes; None if it is not known to be that.

    What a network gave is no label, nor is a picture that the network was given.
    """
    node = _maker(target)
    if node is None or prediction.origin is None:
        return None
    compared = [core(each) for each in node.inputs] if node.op == "compare" else []
    known = [each for each in (node, *compared) if each is not None]
    return None if any(each is one for each in ancestors(prediction.origin) for one in known) else node


def _maker(value: Value) -> Node | None:
    for _ in range(_FARTHEST):
        node = value.origin
        if node is None or (isinstance(value, Tensor) and value.live | value.cut):
            return None
        before = next((each for each in node.inputs if isinstance(each, Tensor | Unknown)), None)
        if node.op == "compare" or _is_marked(node) or (before is None and _is_yes_or_no(node)):
            return node
        if isinstance(value, Tensor) and value.content in _CLASSES and not _is_handed_on(node, before):
            return node
        if node.op not in _MOVING or before is None:
            return None
        value = before
    return None


def _is_handed_on(node: Node, before: Value | None) -> bool:
    return node.op in _MOVING and isinstance(before, Tensor) and before.content in _CLASSES


def _is_marked(node: Node) -> bool:
    """Whether ones were written among zeros, at places that something else tells."""
    if node.op not in _WRITING or len(node.inputs) < 2:
        return False
    whole, written, *index = node.inputs
    if not isinstance(whole, Tensor) or not isinstance(written, Tensor | Number):
        return False
    told = node.op != "setitem" or bool(index)
    return told and whole.range.lo == 0.0 and whole.range.within(UNIT) and written.range == point(1.0)


def _is_yes_or_no(node: Node) -> bool:
    """Whether it made a tensor of zeros and ones that the program writes down, some of either."""
    if node.op != "convert":
        return False
    pending, found = list[Value](node.inputs), set[object]()
    while pending and len(found) <= 2:
        each = pending.pop()
        if isinstance(each, Sequence):
            pending.extend(each.known)
        elif isinstance(each, Number):
            found.add(each.exact)
        else:
            return False
    return found == {0, 1}
