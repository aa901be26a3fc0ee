"""Rows: which rows of which data a value was made of, read from its history.

Two sets of rows of the same data are equal, disjoint, or they overlap; what is not known to be one of these is unknown.
Every selection is taken to leave something.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator

from attrs import frozen

from trainlint.semantics.values import (
    Node,
    Nothing,
    Number,
    Object,
    Sequence,
    Tensor,
    Unknown,
    Value,
    identity,
    number,
)

SPLIT = "split"  # takes one of several parts that share no row: of a value, by a cut, the one with a number
EACH = "each"  # the number of a row that stands for all of them, one after the other
NUMBERS = "numbers"  # the numbers of all rows, each of them once
PERMUTATION = "permutation"  # the same in another order
MOST_STEPS = 500

# What leaves every row where it is: as it was, or with other numbers in it.
_SAME_NUMBERS = frozenset({"layout", "same", "return", "given", "convert", "augment", "detach", "clone", "column"})
_SAME_ROWS = (
    _SAME_NUMBERS
    | {"scaled", "encoded", "table", "setitem", "beside", "untracked"}
    | {"sum", "difference", "product", "quotient", "negation", "power", "clamp"}
)
_HOLDERS = frozenset({"column", "setitem"})  # whose first input has the rows, whatever decided the rest
_GATHERING = frozenset({"convert", "untracked", "encoded"})  # may make one of many
ROWS = "rows"  # carried by a layout that moves no row
_STATISTICS = frozenset({"mean", "std", "var", "max", "min", "median"})


class Relation(enum.Enum):
    """What two sets of rows have in common."""

    EQUAL = "equal"
    DISJOINT = "disjoint"
    OVERLAPPING = "overlapping"
    UNKNOWN = "unknown"

    @property
    def shares(self) -> bool:
        """Whether some row is known to be in both."""
        return self in (Relation.EQUAL, Relation.OVERLAPPING)


# Selectors ------------------------------------------------------------------------------------------------------------


@frozen
class End:
    """Where a slice begins or ends: so many rows from the front or from the back, or at a number that is not known."""

    offset: int = 0
    behind: bool = False  # counted from the back
    at: Node | None = None

    def is_before(self, other: End, *, strictly: bool) -> bool:
        """Whether this end is known to come before another one, or not behind it."""
        if self.at is not other.at or (self.at is None and self.behind != other.behind):
            return False
        return self.offset < other.offset or (not strictly and self.offset == other.offset)


FRONT, BACK = End(), End(behind=True)


@frozen
class Slice:
    """The rows from one end to another."""

    start: End
    stop: End

    def relation(self, other: Slice) -> Relation:
        if self == other:
            return Relation.EQUAL
        if any(a.stop.is_before(b.start, strictly=False) for a, b in ((self, other), (other, self))):
            return Relation.DISJOINT
        reached = all(
            a.start == FRONT or b.stop == BACK or a.start.is_before(b.stop, strictly=True)
            for a, b in ((self, other), (other, self))
        )
        return Relation.OVERLAPPING if reached else Relation.UNKNOWN

    def inner(self, part: Slice) -> Slice | None:
        """A slice of this slice as one of the whole."""
        known = (self.start, part.start, *(each for each in (self.stop, part.stop) if each != BACK))
        if any(each.at is not None or each.behind for each in known):
            return None
        start = End(self.start.offset + part.start.offset)
        if part.stop == BACK:
            return Slice(start, self.stop)
        stop = self.start.offset + part.stop.offset
        return Slice(start, End(stop if self.stop == BACK else min(stop, self.stop.offset)))


@frozen
class Part:
    """One of the parts that a split makes."""

    cut: Node
    which: int | None

    def relation(self, other: Part) -> Relation:
        if self.cut is not other.cut or self.which is None or other.which is None:
            return Relation.UNKNOWN
        return Relation.EQUAL if self.which == other.which else Relation.DISJOINT


@frozen
class Mask:
    """The rows for which a test holds, or does not."""

    test: Node
    holds: bool

    def relation(self, other: Mask) -> Relation:
        if self.test is not other.test:
            return Relation.UNKNOWN
        return Relation.EQUAL if self.holds == other.holds else Relation.DISJOINT


@frozen
class Picked:
    """The rows whose numbers are listed somewhere: ``by`` are the rows of that list, in which none may come twice."""

    by: Rows
    once: bool

    def relation(self, other: Picked) -> Relation:
        found = relation(self.by, other.by)
        return found if found is not Relation.DISJOINT or self.once else Relation.UNKNOWN


@frozen
class Some:
    """Rows of which nothing is known but when they were selected."""

    node: Node

    def relation(self, other: Some) -> Relation:
        return Relation.EQUAL if self.node is other.node else Relation.UNKNOWN


Selector = Slice | Part | Mask | Picked | Some


@frozen
class Rows:
    """Rows of data: what ``root`` made, and of that what is left by one selection after the other."""

    root: Node
    selectors: tuple[Selector, ...] = ()

    def __contains__(self, other: Rows) -> bool:
        """Whether all rows of another set are known to be among these."""
        return self.root is other.root and other.selectors[: len(self.selectors)] == self.selectors


def relation(a: Rows, b: Rows) -> Relation:
    """What two sets of rows have in common, as far as that is known."""
    if a.root is not b.root:
        return Relation.UNKNOWN
    if a.selectors == b.selectors:
        return Relation.EQUAL
    if a in b or b in a:
        return Relation.OVERLAPPING
    shared = next(i for i, (one, other) in enumerate(zip(a.selectors, b.selectors, strict=False)) if one != other)
    one, other = a.selectors[shared], b.selectors[shared]
    found = one.relation(other) if type(one) is type(other) else Relation.UNKNOWN  # type: ignore[arg-type]
    if found is Relation.DISJOINT:
        return found
    last = len(a.selectors) == len(b.selectors) == shared + 1
    return found if last else Relation.UNKNOWN


def overlap(a: Value | None, b: Value | None) -> Relation:
    """What the rows that two values were made of have in common."""
    one, other = rows_of(a), rows_of(b)
    return Relation.UNKNOWN if one is None or other is None else relation(one, other)


# From histories -------------------------------------------------------------------------------------------------------


def rows_of(value: Value | None) -> Rows | None:
    """The rows that a value was made of; None for what has no history."""
    return _followed(value, _SAME_ROWS)


def _followed(value: Value | None, passing: frozenset[str]) -> Rows | None:
    """Back to where the data begins, through selections and all operations that are ``passing``."""
    selectors: list[Selector] = []
    for _ in range(MOST_STEPS):
        node = None if value is None else value.origin
        if value is None or node is None:
            return None
        step = _selection(node) or (_passed(node, bool(selectors)) if node.op in passing else None)
        if step is None:
            return Rows(node, _composed(selectors[::-1]))
        value, selector = step
        if selector is not None:
            selectors.append(selector)
    return None


Step = tuple[Value, Selector | None]


def _selection(node: Node) -> Step | None:
    """What rows were taken of, and which; None where none were."""
    inputs = node.inputs
    if node.op == SPLIT and len(inputs) == 3 and inputs[1].origin is not None:
        which = inputs[2].exact if isinstance(inputs[2], Number) else None
        return inputs[0], Part(inputs[1].origin, which if isinstance(which, int) else None)
    if node.op in ("index", "item") and len(inputs) == 2 and (node.op == "index" or _is_of_rows(inputs[1])):
        return inputs[0], _selector(inputs[1], node)
    if node.op == "one" and inputs:
        return inputs[0], None if _is_each(inputs[-1]) else Some(node)
    return None


def _passed(node: Node, selected: bool) -> Step | None:
    """What a value was made of row by row; rows that were selected after a change of axes may be something else."""
    if node.op == "layout" and selected and ROWS not in node.carrier:
        return None
    if node.op in _GATHERING and sum(isinstance(each, Tensor | Unknown) for each in node.inputs) > 1:
        return None
    index = 0 if node.op in _HOLDERS else node.carrier.get("data", node.carrier.get("why"))
    before = node.inputs[index] if index is not None and index < len(node.inputs) else _first(node.inputs)
    return None if before is None or before.origin is None else (before, None)


def _is_each(value: Value) -> bool:
    return value.origin is not None and value.origin.op == EACH


def _first(inputs: tuple[Value, ...]) -> Value | None:
    return next((each for each in inputs if isinstance(each, Tensor | Unknown)), None)


def _is_of_rows(key: Value) -> bool:
    """Whether a key of something that was not followed picks rows, and not an entry or a column."""
    return isinstance(key, Tensor | Unknown) or (isinstance(key, Sequence) and key.kind == "slice")


def _selector(at: Value, node: Node) -> Selector | None:
    """What an index takes of the rows; None if it takes all of them."""
    if isinstance(at, Sequence) and at.kind == "tuple" and at.head:
        at = at.head[0]
    if isinstance(at, Sequence) and at.kind == "slice":
        return _sliced(at, node)
    if isinstance(at, Number):
        end = _end(at)
        return Some(node) if end is None or end.at is not None else Slice(end, End(end.offset + 1, end.behind))
    if isinstance(at, Tensor) and at.dtype == "bool":
        return _masked(at, node)
    if isinstance(at, Tensor | Unknown):
        by = _followed(at, _SAME_NUMBERS)
        if by is not None and by.root.op == EACH:
            return None
        if by is not None and (by.root.op != "unknown" or by.selectors):
            return Picked(by, by.root.op in (PERMUTATION, NUMBERS))
    return Some(node)


def _masked(at: Tensor, node: Node) -> Selector:
    test, holds = at.origin, True
    while test is not None and test.op in _SAME_NUMBERS | {"inverted"} and test.inputs:
        holds = holds != (test.op == "inverted")
        test = test.inputs[0].origin
    return Some(node) if test is None else Mask(test, holds)


def _sliced(at: Sequence, node: Node) -> Selector | None:
    start, stop, step = (*at.head, *[number(1)] * 3)[:3]
    if not (isinstance(step, Nothing) or (isinstance(step, Number) and step.exact == 1)):
        return Some(node)
    ends = _end(start, FRONT), _end(stop, BACK)
    if ends == (FRONT, BACK):
        return None
    return Some(node) if ends[0] is None or ends[1] is None else Slice(ends[0], ends[1])


def _end(value: Value, default: End | None = None) -> End | None:
    """Where a slice begins or ends."""
    if isinstance(value, Nothing):
        return default
    if not isinstance(value, Number):
        return None if value.origin is None or not isinstance(value, Unknown) else End(at=value.origin)
    if isinstance(value.exact, int):
        return End(value.exact, behind=value.exact < 0)
    return None if value.origin is None else End(at=identity(value.origin))


def _composed(selectors: list[Selector]) -> tuple[Selector, ...]:
    """The same selections, slices of slices as one."""
    made: list[Selector] = []
    for each in selectors:
        last = made[-1] if made else None
        inner = last.inner(each) if isinstance(last, Slice) and isinstance(each, Slice) else None
        if inner is None:
            made.append(each)
        else:
            made[-1] = inner
    return tuple(made)


# Statistics -----------------------------------------------------------------------------------------------------------


def statistics(node: Node) -> Iterator[Value]:
    """The data whose statistics a step of scaling used."""
    if node.op == "scaled":
        yield from (each for each in node.inputs[1:] or node.inputs[:1] if not isinstance(each, Object))
    for other in node.inputs[1:] if node.op in ("difference", "quotient") else ():
        yield from _measured(other)


def _measured(value: Value, depth: int = 0) -> Iterator[Value]:
    """What a statistic, perhaps with a small number added, was taken of."""
    node = value.origin
    if node is None or not isinstance(value, Tensor) or depth > 4:
        return
    if node.inputs and any(fact.kind in _STATISTICS for fact in value.facts):
        while node is not None and node.op in _SAME_ROWS and node.inputs and node.inputs[0].origin is not None:
            node = node.inputs[0].origin
        if node is not None and node.inputs:
            yield node.inputs[0]
    elif node.op in _SAME_ROWS | {"extreme"}:
        for each in node.inputs:
            yield from _measured(each, depth + 1)
