"""What a path learns from a test: alternatives that it excludes, and the ranges that it leaves of numbers.

Ranges belong to numbers, not to variables: every alias of a number sees them, also the caller of a function that
checks its argument.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainlint.semantics.heap import State, common_ranges
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import INFINITY, Interval
from trainlint.semantics.truth import ALL, ANY_OF, ORDER, compare, conditions, flag
from trainlint.semantics.values import (
    Choice,
    Condition,
    Flag,
    Library,
    Node,
    Number,
    Object,
    ObjectId,
    Place,
    Text,
    Unknown,
    Value,
    identity,
)
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

Refined = list[tuple[ObjectId, str, Value, Value]]  # record, slot, value before, value on this path
_NEGATED = {"<": ">=", ">": "<=", "<=": ">", ">=": "<"}
_OPPOSITE = {"is": "is not", "is not": "is", "==": "!=", "!=": "=="} | _NEGATED
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_NOWHERE = Place("", 0, 0)
_PURE = frozenset(f"builtins.{name}" for name in ("abs", "float", "int", "len", "max", "min", "round", "str"))


def refine(machine: Machine, test: tree.Expression, holds: bool, value: Value | None = None) -> Refined:
    """Narrow what ``test`` asks about to what it is if the test, whose value this is, comes out as ``holds``."""
    refined: Refined = []
    if value is not None:
        _learn_value(machine, value, holds)
    _refine(machine, test, holds, refined)
    return refined


def restore(machine: Machine, refined: Refined) -> None:
    """Take a path's narrowing back where the variables were not assigned since."""
    if machine.state is None:
        return
    for record, name, before, narrowed in refined:
        if machine.heap.get(record, name) is narrowed:
            machine.heap.set(record, name, before)


# Numbers --------------------------------------------------------------------------------------------------------------


def learn(machine: Machine, condition: Condition) -> None:
    """Narrow the number that a condition speaks about."""
    test, holds, operand = condition.test, condition.holds, condition.operand
    if test in (ALL, ANY_OF) and isinstance(operand, tuple):
        if holds == (test == ALL):
            for each in operand:
                learn(machine, each if holds else each.opposite)
    elif test in ORDER and isinstance(operand, int | float):
        _bound(machine, condition.subject, _range(test if holds else _NEGATED[test], operand))
    elif test == "in" and holds and isinstance(operand, tuple):
        known = [float(each) for each in operand if isinstance(each, int | float)]
        if known and len(known) == len(operand):
            _bound(machine, condition.subject, Interval(min(known), max(known)))


def _range(op: str, bound: float) -> Interval:
    if op in ("<", "<="):
        return Interval(-INFINITY, bound, hi_open=op == "<")
    return Interval(bound, INFINITY, lo_open=op == ">")


def _bound(machine: Machine, subject: Node, shown: Interval) -> None:
    key = identity(subject)
    state = machine.now
    held = state.narrowed.get(key)
    new = shown if held is None else held.meet(shown)
    if new is not None and new != held:
        state.narrowed = {**state.narrowed, key: new}


def _learn_value(machine: Machine, value: Value, holds: bool) -> None:
    answer = flag(machine, value)
    if answer.truth is None and answer.test is not None:
        yes, no = conditions(machine, value, _NOWHERE)
        learn(machine, yes if holds else no)


# Expressions ----------------------------------------------------------------------------------------------------------


def _refine(machine: Machine, test: tree.Expression, holds: bool, refined: Refined) -> None:
    if isinstance(test, tree.Unary) and test.op == "not":
        _refine(machine, test.operand, not holds, refined)
    elif isinstance(test, tree.Logical):
        if (test.op == "and") == holds:
            for part in test.values:
                _refine(machine, part, holds, refined)
        else:
            _one_of(machine, test.values, holds)
    elif isinstance(test, tree.Name | tree.Attribute):
        _narrow_slot(machine, test, refined, lambda value: flag(machine, value).truth in (holds, None), None)
        if _is_plain(machine, test):
            _learn_value(machine, machine.evaluate(test), holds)
    elif isinstance(test, tree.Compare):
        if holds or len(test.ops) == 1:
            left = test.left
            for op, right in zip(test.ops, test.others, strict=False):
                _compared(machine, left, op if holds else _OPPOSITE.get(op, ""), right, refined)
                left = right
        if _is_plain(machine, test):
            _learn_value(machine, machine.evaluate(test), holds)


def _one_of(machine: Machine, parts: tuple[tree.Expression, ...], holds: bool) -> None:
    """One of the parts came out as ``holds``, those before it did not: what all of these ways leave."""
    if not all(_is_plain(machine, each) for each in parts):
        return
    start = machine.now
    ways: list[State] = []
    before = start.fork()
    for part in parts:
        machine.state = before.fork()
        value = machine.evaluate(part)
        answer = flag(machine, value)
        if answer.truth in (holds, None):
            yes, no = conditions(machine, value, _NOWHERE)
            way = machine.state.fork(yes if holds else no)
            machine.state = way
            _refine(machine, part, holds, [])
            ways.append(way)
        machine.state = before
        if answer.truth is holds:
            break
        if answer.truth is None:
            yes, no = conditions(machine, value, _NOWHERE)
            before.conditions = (*before.conditions, no if holds else yes)
        _refine(machine, part, not holds, [])
    machine.state = start
    if ways:
        start.narrowed = common_ranges(ways)


def _compared(machine: Machine, left: tree.Expression, op: str, right: tree.Expression, refined: Refined) -> None:
    """Narrow the alternatives of a variable or attribute that is compared."""
    for one, other, relation in ((left, right, op), (right, left, _MIRRORED.get(op, ""))):
        if not isinstance(one, tree.Name | tree.Attribute):
            continue
        if relation in ("is", "is not", "==", "!=") and isinstance(other, tree.Constant):
            against = machine.evaluate(other)
            positive = relation in ("is", "==")
            question = "==" if "=" in relation else "is"

            def fits(
                value: Value, question: str = question, against: Value = against, positive: bool = positive
            ) -> bool:
                answer = flag(machine, compare(machine, question, value, against, _NOWHERE))
                return answer.truth in (positive, None)

            _narrow_slot(machine, one, refined, fits, against if positive else None)
        elif relation in ORDER and _is_plain(machine, other):
            limit = machine.evaluate(other)
            if isinstance(limit, Number):
                bound = limit.range.hi if relation in ("<", "<=") else limit.range.lo
                if abs(bound) != INFINITY:
                    _narrow_slot(machine, one, refined, lambda value: True, None, _range(relation, bound))


def _slot(machine: Machine, target: tree.Name | tree.Attribute) -> tuple[ObjectId, str] | None:
    """The record and slot that hold a variable or attribute."""
    from trainlint.semantics.names import frame_of

    if isinstance(target, tree.Name):
        frame = frame_of(machine, target.id)
        return None if frame is None else (frame, target.id)
    if not _is_plain(machine, target.value):
        return None
    holder = machine.evaluate(target.value)
    return (holder.id, target.attr) if isinstance(holder, Object) else None


def _narrow_slot(
    machine: Machine,
    target: tree.Name | tree.Attribute,
    refined: Refined,
    fits: Callable[[Value], bool],
    value: Value | None,
    within: Interval | None = None,
) -> None:
    slot = _slot(machine, target)
    held = None if slot is None else machine.heap.get(*slot)
    if slot is None or held is None:
        return
    new = held
    if isinstance(held, Choice):
        remaining = [(path, _cut(option, within)) for path, option in held.options if fits(option)]
        if remaining and remaining != list(held.options):
            new = remaining[0][1] if len(remaining) == 1 else Choice(tuple(remaining), origin=held.origin)
    elif value is not None and isinstance(held, Unknown | Text | Number | Flag):
        new = evolve(value, origin=held.origin)
    if new is not held:
        machine.heap.set(*slot, new)
        refined.append((*slot, held, new))


def _cut(value: Value, within: Interval | None) -> Value:
    if within is None or not isinstance(value, Number) or value.exact is not None:
        return value
    left = value.range.meet(within)
    if left is None or left == value.range:
        return value
    shipped = value.shipped if value.shipped is not None and left.holds(value.shipped) else None
    return evolve(value, range=left, shipped=shipped)


def _is_plain(machine: Machine, e: tree.Expression) -> bool:
    """Whether an expression can be evaluated once more without doing anything."""
    if isinstance(e, tree.Name | tree.Constant):
        return True
    if isinstance(e, tree.Attribute):
        return _is_plain(machine, e.value)
    if isinstance(e, tree.Subscript):
        return _is_plain(machine, e.value) and _is_plain(machine, e.index)
    if isinstance(e, tree.Unary):
        return _is_plain(machine, e.operand)
    if isinstance(e, tree.Binary):
        return _is_plain(machine, e.left) and _is_plain(machine, e.right)
    if isinstance(e, tree.Compare):
        return _is_plain(machine, e.left) and all(_is_plain(machine, each) for each in e.others)
    if isinstance(e, tree.Logical):
        return all(_is_plain(machine, each) for each in e.values)
    if isinstance(e, tree.Display):
        return e.kind == "tuple" and all(_is_plain(machine, each) for each in e.items)
    if (
        isinstance(e, tree.Call)
        and isinstance(e.function, tree.Name | tree.Attribute)
        and _is_plain(machine, e.function)
    ):
        function = machine.evaluate(e.function)
        pure = isinstance(function, Library) and function.name in _PURE
        return pure and all(each.star == "" and _is_plain(machine, each.value) for each in e.arguments)
    return False
