"""Where values come from: data that are the same in every epoch, constants, or something that was not followed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.semantics.evidence import SOURCE
from trainlint.semantics.measures import is_method_of_data, is_plain
from trainlint.semantics.primitives import PRIMITIVES
from trainlint.semantics.primitives.base import UNTRACKED
from trainlint.semantics.rows import SPLIT
from trainlint.semantics.values import (
    COMPUTED,
    STORED,
    Flag,
    Node,
    Nothing,
    Number,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

LIGHT = frozenset(
    {"layout", "same", "return", "detach", "clone", "convert", "scaled", "augment", "attribute", "called", UNTRACKED}
    | {"encoded", "column", "table", "beside"}
)
ARITHMETIC = frozenset({"sum", "difference", "product", "quotient"})
PARTS = frozenset({"part", "item", "attribute", "one", "called", SPLIT, "scaled"})
JOINED = frozenset({"beside"})
SELECTIONS = frozenset({"part", "item", "one", "index", SPLIT})
NO_DATA = frozenset({"constant", "unknown", "opaque", "parameter", "count", "size"})
CHANGES = frozenset({"reduce", "compare", "rounded", "matmul", "arg", "top", "index"})
MOST = 2_000  # nodes of one history


def is_computed(value: Value) -> bool:
    """Whether weights had a part in a value."""
    return isinstance(value, Tensor) and bool(value.live or value.cut)


def inputs_of(prediction: Tensor) -> list[Value] | None:
    """The values that meet weights on the way to a prediction; None where the way is too long."""
    found: list[Value] = []
    pending, seen = [prediction], set[int]()
    while pending:
        node = pending.pop().origin
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if len(seen) > MOST:
            return None
        for each in node.inputs:
            if isinstance(each, Tensor) and is_computed(each):
                pending.append(each)
            elif isinstance(each, Tensor | Unknown) and node.op != "parameter":
                found.append(each)
    return found


def is_data(machine: Machine, value: Value, begun: int) -> bool | None:
    """Whether a value was made of data that were there when the loop began; None for what was not followed.

    False says that it is a constant.
    """
    pending, seen, data = [value], set[int](), False
    while pending:
        each = pending.pop()
        node = each.origin
        if isinstance(each, Number | Text | Flag | Nothing | Sequence):
            continue
        if is_computed(each) or node is None or len(seen) > MOST:
            return None
        if id(node) in seen:
            continue
        seen.add(id(node))
        if _is_source(node, begun):
            data = True
        elif isinstance(each, Unknown) and node.op == COMPUTED:
            pending += node.inputs
        elif isinstance(each, Unknown):
            if node.op not in PARTS | ARITHMETIC | JOINED or (node.op == "called" and not _is_harmless(machine, node)):
                return None
            pending += node.inputs[:1] if node.op in PARTS else node.inputs
        elif node.op in ("index", "one", SPLIT):
            pending += node.inputs[:1]  # which of them is another question
        elif node.op == UNTRACKED or any(isinstance(one, Tensor | Unknown) for one in node.inputs):
            pending.extend(node.inputs)
        elif node.op in PRIMITIVES and node.op not in NO_DATA:
            data = True
            if node.born > begun:
                return None
        elif node.op not in ("constant", "literal") and not _is_number(node):
            return None
    return data


def _is_number(node: Node) -> bool:
    """Whether a step computed with nothing but numbers."""
    return bool(node.inputs) and all(isinstance(each, Number) for each in node.inputs)


def _is_source(node: Node, begun: int) -> bool:
    """Whether a step brought data in, the same whenever it is taken."""
    if node.op == SOURCE:
        return True
    brings = node.op == STORED or (node.op == COMPUTED and all(map(is_plain, node.inputs)))
    return brings and _is_fixed(node, begun)


def _is_fixed(node: Node, begun: int) -> bool:
    """Whether stored data are the same whenever they are read."""
    if node.born <= begun:
        return True
    given = [each for each in node.inputs if not isinstance(each, Nothing)]
    return all(
        isinstance(each, Text | Number) and each.origin is not None and each.origin.op == "literal" for each in given
    )


def _is_harmless(machine: Machine, node: Node) -> bool:
    return bool(node.inputs) and is_method_of_data(machine, node.inputs[0], node.inputs[1:])


def core(value: Value) -> Node | None:
    """The step of a value's history before which its elements were only moved, scaled and shifted."""
    node = value.origin
    while node is not None and node.inputs and node.op in LIGHT | ARITHMETIC:
        before = next((each for each in node.inputs if isinstance(each, Tensor | Unknown)), None)
        if before is None:
            break
        node = before.origin
    return node


def ancestors(node: Node) -> Iterator[Node]:
    """A node and all that it was made of."""
    pending, seen = [node], set[int]()
    while pending and len(seen) < MOST:
        each = pending.pop()
        if id(each) not in seen:
            seen.add(id(each))
            yield each
            pending.extend(one.origin for one in each.inputs if one.origin is not None)


def is_supervised(given: Value, target: Value) -> bool:
    """Whether a target is something else than what the network was given."""
    mine, wanted = core(given), core(target)
    if mine is None or wanted is None or mine is wanted or any(each is wanted for each in ancestors(mine)):
        return False
    return not any(each is mine for each in ancestors(wanted)) or _is_changed(mine, target)


def _is_changed(mine: Node, target: Value) -> bool:
    """Whether a target that was computed from the input is a label of it."""
    node = target.origin
    while node is not None and node is not mine:
        if node.op in CHANGES:
            return True
        before = next((each for each in node.inputs if isinstance(each, Tensor | Unknown)), None)
        node = None if before is None else before.origin
    return False


def before(value: Value, begun: int) -> Node | None:
    """What of a value was there when a loop began, if its turns select nothing from it."""
    node = value.origin
    while node is not None and node.born > begun:
        if node.op == "one" or (node.op in SELECTIONS and not all(_is_literal(each) for each in node.inputs[1:])):
            return None
        if node.op not in LIGHT | ARITHMETIC | SELECTIONS:
            return node if _is_source(node, begun) else None
        inner = next((each for each in node.inputs if isinstance(each, Tensor | Unknown)), None)
        node = None if inner is None else inner.origin
    return node


def _is_literal(value: Value) -> bool:
    if isinstance(value, Sequence):
        return value.exact and all(map(_is_literal, value.head))
    return isinstance(value, Nothing) or (value.origin is not None and value.origin.op == "literal")
