"""Truth values: what a test is known to give, what it gives by default, and what a path learns from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers, intervals, outside
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.machine import arguments
from trainlint.semantics.primitives.base import library_of
from trainlint.semantics.values import (
    Bound,
    Bytes,
    Choice,
    Class,
    Condition,
    Flag,
    Function,
    Library,
    Mapping,
    Module,
    Node,
    Nothing,
    Number,
    Object,
    Partial,
    Place,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
    identity,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

ORDER = ("<", "<=", ">", ">=")
ALL, ANY_OF = "all", "any"  # tests that are several tests
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


def flag(machine: Machine, value: Value) -> Flag:
    """The truthiness of ``value``."""
    if isinstance(value, Flag):
        return value
    if isinstance(value, Nothing):
        return Flag(False)
    if isinstance(value, Number):
        if value.exact is not None:
            return Flag(bool(value.exact))
        if not value.range.holds(0):
            return Flag(True)
        return Flag(None, None if value.shipped is None else bool(value.shipped), _asked(value, "true"))
    if isinstance(value, Text):
        if value.text is not None:
            return Flag(bool(value.text))
        return Flag(None, None if value.shipped is None else bool(value.shipped), _asked(value, "true"))
    if isinstance(value, Bytes):
        return Flag(bool(value.data))
    if isinstance(value, Choice):
        return _of_choice([flag(machine, option) for _, option in machine.possible(value)], value)
    if isinstance(value, Object):
        sequence = (
            containers.items_of(machine, value) if containers.is_list(value) or containers.is_tuple(value) else None
        )
        if sequence is not None:
            value = sequence
        elif containers.is_dict(value):
            mapping = containers.mapping_of(machine, value)
            return Flag(None) if mapping is None or mapping.rest is not None else Flag(bool(mapping.items))
        else:
            return Flag(True)
    if isinstance(value, Sequence):
        if value.head or value.tail:
            return Flag(True)
        return Flag(False) if value.exact else Flag(None)
    if isinstance(value, Mapping):
        return Flag(bool(value.items)) if value.rest is None else Flag(None)
    if isinstance(value, Function | Class | Module | Bound | Partial):
        return Flag(True)
    return Flag(None, None, _asked(value, "true"))


def _asked(value: Value, test: str, operand: object = None, shipped: bool | None = None) -> Condition | None:
    if value.origin is None:
        return None
    if shipped is None and isinstance(value, Number | Text) and test == "true":
        shipped = None if value.shipped is None else bool(value.shipped)
    return Condition(identity(value.origin), test, operand, True, shipped, identity(value.origin).label)


def _of_choice(answers: list[Flag], value: Choice) -> Flag:
    truths = {answer.truth for answer in answers}
    if len(answers) == 1:
        return answers[0]
    if len(truths) == 1:
        return answers[0] if None not in truths else Flag(None)
    first = value.options[0][0]
    by_default = not any(condition.shipped is None or condition.off_default for condition in first)
    test = None if None in truths else _deciding([answer.truth is True for answer in answers], value)
    return Flag(None, answers[0].truth if by_default else None, test)


def _deciding(answers: list[bool], value: Choice) -> Condition | None:
    """The one condition on which the answer of a choice hangs, if there is one."""
    paths = [path for path, _ in value.options]
    if len(paths) != len(answers):
        return None
    for condition in paths[0]:
        wanted = condition if answers[0] else condition.opposite
        refused = wanted.opposite
        if all((wanted if answer else refused) in path for answer, path in zip(answers, paths, strict=True)):
            return wanted
    return None


def shipped(value: Value) -> bool | None:
    """What a test gives by default, where that is known."""
    if isinstance(value, Flag):
        return value.truth if value.truth is not None else value.shipped
    if isinstance(value, Number | Text) and value.value is not None:
        return bool(value.value)
    return False if isinstance(value, Nothing) else None


def simple(value: Value) -> bool | None:
    """The truth of a plain value that does not depend on the state; None where it is open."""
    if isinstance(value, Nothing):
        return False
    if isinstance(value, Number):
        return bool(value.exact) if value.exact is not None else None if value.range.holds(0) else True
    if isinstance(value, Text):
        return None if value.text is None else bool(value.text)
    return value.truth if isinstance(value, Flag) else None


def decide(machine: Machine, value: Value) -> bool | None:
    """Whether the test holds on the present path; None where both are possible."""
    answer = flag(machine, value)
    if answer.truth is not None:
        return answer.truth
    if answer.test is None:
        return None
    opposite = answer.test.opposite
    for held in machine.conditions_on(answer.test.subject):
        if held.opposes(opposite):
            return True
        if held.opposes(answer.test):
            return False
    return None


def conditions(machine: Machine, value: Value, place: Place) -> tuple[Condition, Condition]:
    """The conditions of the two sides of an open test."""
    answer = flag(machine, value)
    test = answer.test
    if test is None:
        test = _of_itself(evolve(answer, origin=value.origin or Node("test", place)))
    elif test.shipped is None and answer.shipped is not None:
        test = evolve(test, shipped=answer.shipped if test.holds else not answer.shipped)
    return test, test.opposite


def negated(machine: Machine, value: Value) -> Flag:
    answer = flag(machine, value)
    return Flag(
        None if answer.truth is None else not answer.truth,
        None if answer.shipped is None else not answer.shipped,
        None if answer.test is None else answer.test.opposite,
        origin=answer.origin,
        taint=answer.taint,
    )


def conjunction(answers: list[Value]) -> Value:
    flags = [answer for answer in answers if isinstance(answer, Flag)]
    return combined(flags, stop_on=False) if len(flags) == len(answers) else answers[-1]


def combined(flags: list[Flag], stop_on: bool) -> Flag:
    """``or`` (stop_on True) or ``and`` (False) of truth values."""
    if any(each.truth is stop_on for each in flags):
        return Flag(stop_on)
    open_ones = [each for each in flags if each.truth is None]
    if not open_ones:
        return Flag(not stop_on)
    if len(open_ones) == 1:
        return open_ones[0]
    defaults = [each.shipped for each in open_ones]
    shipped = stop_on if stop_on in defaults else None if None in defaults else not stop_on
    tests = tuple(each.test or _of_itself(each) for each in open_ones if each.test or each.origin)
    if len(tests) < len(open_ones):
        return Flag(None, shipped)
    label = next((test.label for test in tests if test.label), "")
    kind = ANY_OF if stop_on else ALL
    return Flag(None, shipped, Condition(Node(kind, None), kind, tests, True, shipped, label))


def _of_itself(answer: Flag) -> Condition:
    """The test of an answer that says only what was asked."""
    assert answer.origin is not None
    return Condition(answer.origin, "true", None, True, answer.shipped, answer.origin.label)


# Comparison -----------------------------------------------------------------------------------------------------------


def compare(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value:
    """``left op right``; a comparison of tensors is a tensor of truth values."""
    return _compared(machine, op, machine.narrow(left), machine.narrow(right), place)


def _compared(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value:
    for value in (left, right):
        if isinstance(value, Choice):
            choice = value
            answers = []
            for option in _comparable(machine, op, choice):
                one = option if isinstance(option, Tensor) else machine.narrow(option)  # a tensor is as it is by now
                pair = (one, right) if value is left else (left, one)
                answers.append(flag(machine, _compared(machine, op, pair[0], pair[1], place)))
            return _of_choice(answers, choice)
    if op in ("is", "is not"):
        same = _identical(machine, left, right)
        return same if op == "is" else negated(machine, same)
    if op in ("in", "not in"):
        inside = contained(machine, left, right)
        return inside if op == "in" else negated(machine, inside)
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        tensors = tuple(each for each in (left, right) if isinstance(each, Tensor))
        live = frozenset().union(*(each.live | each.cut for each in tensors))
        return Tensor(
            range=intervals.UNIT,
            dtype="bool",
            cut=live,
            shape=tensors[0].shape,
            number=machine.fresh(),
            library=library_of(machine, tensors),
            origin=Node("compare", place, (left, right)),
        )
    if op == "!=":
        return negated(machine, _compared(machine, "==", left, right, place))
    if op == "==":
        equal = _equal(machine, left, right)
        if equal.truth is None and equal.test is None:
            return evolve(equal, origin=Node("compare", place, (left, right)))
        return equal
    if isinstance(left, Number) or isinstance(right, Number):
        left, right = outside.as_number(left), outside.as_number(right)
    if isinstance(left, Number) and isinstance(right, Number):
        return _ordered(op, left, right)
    return Flag(None, None, None, origin=Node("compare", place, (left, right)))


def _comparable(machine: Machine, op: str, choice: Choice) -> list[Value]:
    """The alternatives that can be compared: ordering None ends the program."""
    found = [option for _, option in machine.possible(choice)]
    some: list[Value] = [option for option in found if not isinstance(option, Nothing)]
    return some if op in ORDER and some else found


def _identical(machine: Machine, left: Value, right: Value) -> Flag:
    if isinstance(right, Nothing):
        if isinstance(left, Nothing):
            return Flag(True)
        if isinstance(left, Unknown):
            return Flag(None, None, _asked(left, "is None"))
        if isinstance(left, Text | Number | Flag) and "maybe-none" in left.taint:
            return Flag(None, False, _asked(left, "is None", shipped=False))
        return Flag(False)
    if isinstance(left, Nothing):
        return _identical(machine, right, left)
    if isinstance(left, Flag) and isinstance(right, Flag):
        return _equal(machine, left, right)
    if isinstance(left, Object) and isinstance(right, Object):
        return Flag(left.id is right.id)
    if isinstance(left, Class | Library | Function) and isinstance(right, Class | Library | Function):
        return Flag(left == right)
    return Flag(None)


def _equal(machine: Machine, left: Value, right: Value) -> Flag:
    if isinstance(left, Flag) and isinstance(right, Flag):
        if right.truth is not None:
            return left if right.truth else negated(machine, left)
        if left.truth is not None:
            return _equal(machine, right, left)
        return Flag(None)
    for mine, theirs in ((left, right), (right, left)):
        if isinstance(mine, Text) and isinstance(theirs, Text) and theirs.text is not None:
            if mine.text is not None:
                return Flag(mine.text == theirs.text)
            default = None if mine.shipped is None else mine.shipped == theirs.text
            return Flag(None, default, _asked(mine, "==", theirs.text, default))
        if isinstance(mine, Number) and isinstance(theirs, Number) and theirs.exact is not None:
            if mine.exact is not None:
                return Flag(mine.exact == theirs.exact)
            if isinstance(theirs.exact, complex) or not mine.range.holds(float(theirs.exact)):
                return Flag(False)
            default = None if mine.shipped is None else mine.shipped == theirs.exact
            return Flag(None, default, _asked(mine, "==", theirs.exact, default))
        if isinstance(mine, Unknown) and isinstance(theirs, Text | Number | Flag | Nothing | Library):
            operand = getattr(theirs, "text", None) or getattr(theirs, "exact", None) or getattr(theirs, "name", None)
            return Flag(None, None, _asked(mine, "==", operand) if operand is not None else None)
    if isinstance(left, Number) and isinstance(right, Number):
        difference = _difference(left, right)
        if difference is None and (_indexes_below(left, right) or _indexes_below(right, left)):
            return Flag(False)
        return Flag(None) if difference is None else Flag(difference == 0)
    if isinstance(left, Nothing) or isinstance(right, Nothing):
        return _identical(machine, left, right)
    if isinstance(left, Library) and isinstance(right, Library):
        return Flag(left.name == right.name)
    if isinstance(left, Sequence) and isinstance(right, Sequence) and left.exact and right.exact:
        if len(left.head) != len(right.head):
            return Flag(False)
        return combined([_equal(machine, a, b) for a, b in zip(left.head, right.head, strict=False)], stop_on=False)
    for mine, theirs in ((left, right), (right, left)):
        if isinstance(mine, Class | Function | Bound) and isinstance(theirs, Text | Number | Flag):
            return Flag(False)
    if isinstance(left, Text | Number | Flag) and isinstance(right, Text | Number | Flag):
        return Flag(False) if type(left) is not type(right) else Flag(None)
    return Flag(None)


def _difference(left: Number, right: Number) -> int | None:
    if left.size is not None and right.size is not None and left.size.symbol is right.size.symbol:
        return left.size.offset - right.size.offset
    return None


def _indexes_below(index: Number, other: Number) -> bool:
    """Whether an index into the middle of a sequence is known to be less than ``other``."""
    if index.below is None or other.size is None or index.below.symbol is not other.size.symbol:
        return False
    return index.below.offset <= other.size.offset


def _ordered(op: str, left: Number, right: Number) -> Flag:
    difference = _difference(left, right)
    if difference is not None:
        return Flag(_holds(op, difference, 0))
    if _indexes_below(left, right):
        return Flag(op in ("<", "<="))
    if _indexes_below(right, left):
        return Flag(op in (">", ">="))
    a, b = left.range, right.range
    if isinstance(left.exact, int) and isinstance(right.exact, int):
        return Flag(_holds(op, left.exact, right.exact))
    always, never = _interval_order(op, a, b)
    if always or never:
        return Flag(always)
    default = None if left.value is None or right.value is None else _holds(op, left.value, right.value)
    subject, other, test = (left, right, op) if left.exact is None else (right, left, _MIRRORED[op])
    operand: object = other.value if other.exact is not None else ("shipped", other.value)
    return Flag(None, default, _asked(subject, test, operand, default))


def _interval_order(op: str, a: Interval, b: Interval) -> tuple[bool, bool]:
    if op in (">", ">="):
        a, b, op = b, a, "<" if op == ">" else "<="
    below = a.hi < b.lo or (a.hi == b.lo and (a.hi_open or b.lo_open or op == "<="))
    above = a.lo > b.hi or (a.lo == b.hi and (a.lo_open or b.hi_open or op == "<"))
    return below, above


def _holds(op: str, a: float, b: float) -> bool:
    if op == "<":
        return a < b
    if op == "<=":
        return a <= b
    return a > b if op == ">" else a >= b


def contained(machine: Machine, item: Value, group: Value) -> Flag:
    if isinstance(group, Text) and isinstance(item, Text):
        if group.text is not None and item.text is not None:
            return Flag(item.text in group.text)
        if group.value is not None and item.value is not None:
            return Flag(None, item.value in group.value, _asked(group, "contains", item.value))
        return Flag(None)
    if containers.has_own(machine, group, "__contains__"):
        return flag(machine, machine.method(group, "__contains__", arguments(item), None))
    members: list[Value] | None = None
    if (isinstance(group, Object) and containers.is_dict(group)) or isinstance(group, Mapping):
        mapping = containers.mapping_of(machine, group, item)
        if mapping is not None and mapping.rest is None:
            members = [key for key, _ in mapping.items]
    else:
        sequence = containers.items_of(machine, group)
        if sequence is not None and sequence.exact:
            members = list(sequence.head)
    if members is None:
        return Flag(None)
    among = _exactly_among(item, members)
    if among is not None:
        return Flag(among)
    answers = [flag(machine, compare(machine, "==", item, member, Place("", 0, 0))) for member in members]
    if any(answer.truth for answer in answers):
        return Flag(True)
    if all(answer.truth is False for answer in answers):
        return Flag(False)
    defaults = [answer.shipped for answer in answers if answer.truth is None]
    default = True if True in defaults else None if None in defaults else False
    known = tuple(getattr(member, "text", None) or getattr(member, "exact", None) for member in members)
    return Flag(None, default, _asked(item, "in", known, default))


def _exactly_among(item: Value, members: list[Value]) -> bool | None:
    """Whether a text or number is one of several; None unless all of them are known exactly."""
    wanted = _exact(item)
    if wanted is None:
        return None
    among = False
    for member in members:
        known = _exact(member)
        if known is None:
            return None
        among = among or known == wanted
    return among


def _exact(value: Value) -> object:
    if isinstance(value, Text):
        return value.text
    return value.exact if isinstance(value, Number) else None
