"""What somebody can set from outside: its default, which ships, and what its checks leave of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers, intervals
from trainlint.semantics.derived import bounded, opened, or_none, setting
from trainlint.semantics.evidence import visible
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.joins import choose, join
from trainlint.semantics.machine import Arguments, PathEnds, arguments
from trainlint.semantics.natives.registry import first_of, native, nth
from trainlint.semantics.values import (
    PROCESSES,
    USER,
    Choice,
    Condition,
    Flag,
    Node,
    Nothing,
    Number,
    Place,
    Sequence,
    Text,
    Unknown,
    Value,
    options,
    with_origin,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


@native("trainlint.user")
def _user(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """A value that the user may set, from its default: ``user(default, label)``."""
    default, label = first_of(machine, given), nth(machine, given, 1)
    shown = visible(place, machine.activation.site)
    return opened(machine, default, label.text or "" if isinstance(label, Text) else "", shown)


@native("trainlint.option")
def _option(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``option(label, default, kind, choices, required)``: what a parser makes of the text that a user types."""
    label = first_of(machine, given)
    default = nth(machine, given, 1, "default") or machine.nothing
    kind = nth(machine, given, 2, "kind") or machine.nothing
    choices = nth(machine, given, 3, "choices") or machine.nothing
    required = nth(machine, given, 4, "required")
    name = label.text or "" if isinstance(label, Text) else ""
    shown = visible(place, machine.activation.site)
    must = isinstance(required, Flag) and required.truth is True
    if isinstance(default, Choice):
        return machine.split(default, lambda one: parsed(machine, name, one, kind, choices, shown, required=must))
    return parsed(machine, name, default, kind, choices, shown, required=must)


def parsed(
    machine: Machine,
    label: str,
    default: Value,
    kind: Value,
    choices: Value,
    place: Place | None,
    *,
    required: bool = False,
) -> Value:
    """The value of an option whose text goes through ``kind``; without one, it is of the default's own kind."""
    origin = setting(default, label, place)
    absent = isinstance(default, Nothing)
    value: Value
    if isinstance(kind, Nothing):
        text = Text(None, origin=origin, taint=USER)
        value = (
            text
            if absent and (required or not isinstance(choices, Nothing))
            else opened(machine, default, label, place)
        )
        if absent and not required and isinstance(value, Choice):
            value = text
    else:
        value = _typed(machine, label, default, kind, origin, place)
    members = containers.items_of(machine, choices)
    if members is not None:
        value = limited(machine, value, members)
    if absent and not required:
        return or_none(value, origin, label)
    return value


def _typed(machine: Machine, label: str, default: Value, kind: Value, origin: Node, place: Place | None) -> Value:
    shipped = containers.as_text(default) if not isinstance(default, Nothing) else Text(None)
    text = Text(None, shipped.value if isinstance(shipped, Text) else None, origin=origin, taint=USER)
    start = machine.now
    try:
        result = machine.narrow(machine.call(kind, arguments(text), place))
    except PathEnds:
        machine.state = start
        result = machine.unknown("a conversion that fails", place)
    if isinstance(result, Unknown):
        if isinstance(default, Nothing):
            return evolve(result, taint=result.taint | USER)
        return opened(machine, default, label, place)
    return _settled(result, default, label, origin)


def _settled(result: Value, default: Value, label: str, origin: Node) -> Value:
    """A default that is no text does not go through the conversion."""
    if isinstance(result, Number):
        result = evolve(result, taint=result.taint | USER)
        if isinstance(default, Number) and default.value is not None:
            range_ = result.range.hull(intervals.point(float(default.value)))
            return evolve(result, range=range_, shipped=default.value, exact=None)
        return result
    if isinstance(result, Flag):
        ships = default.truth if isinstance(default, Flag) else result.shipped
        return Flag(None, ships, Condition(origin, "true", None, True, ships, label), origin=origin, taint=USER)
    if isinstance(result, Text):
        ships_text = default.value if isinstance(default, Text) else result.value
        return Text(None, ships_text, origin=result.origin or origin, taint=USER)
    return result


def limited(machine: Machine, value: Value, members: Sequence) -> Value:
    """A value that must be one of some: of numbers, it lies between the smallest and the largest."""
    if isinstance(value, Choice):
        return evolve(value, options=tuple((path, limited(machine, each, members)) for path, each in value.options))
    numbers = [each for each in members.known if isinstance(each, Number)]
    if not isinstance(value, Number) or len(numbers) < len(members.known) or not numbers:
        return value
    hull = numbers[0].range
    for each in numbers[1:]:
        hull = hull.hull(each.range)
    return bounded(value, hull)


@native("trainlint.processes")
def _processes(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """How many processes run: one, unless somebody starts more."""
    origin = Node("user", visible(place, machine.activation.site), label="the number of processes")
    at_least = Interval(1.0, intervals.INFINITY)
    return Number(at_least, 1, integer=True, origin=origin, taint=USER | {PROCESSES})


@native("trainlint.with_default")
def _with_default(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``with_default(option, default)``: the same option, from now on with another default."""
    held, default = first_of(machine, given), nth(machine, given, 1) or machine.nothing
    shown = visible(place, machine.activation.site)
    label = held.origin.label if held.origin is not None else ""
    if isinstance(held, Choice):
        given_ones = [each for _, each in held.options if not isinstance(each, Nothing)]
        held = given_ones[0] if len(given_ones) == 1 else held
    if isinstance(held, Number) and isinstance(default, Number) and default.value is not None:
        origin = setting(default, label, shown)
        range_ = held.range.hull(intervals.point(float(default.value)))
        return Number(range_, default.value, held.integer, origin=origin, taint=USER | default.taint)
    return opened(machine, default, label, shown)


@native("trainlint.as_shipped")
def _as_shipped(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``as_shipped(value)``: what a text is unless somebody sets another one; None where that is not known."""
    for _, option in options(first_of(machine, given)):
        if isinstance(option, Text) and option.value is not None:
            return Text(option.value)
    return machine.nothing


@native("trainlint.within")
def _within(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``within(value, low, high, low_open, high_open)``: a value that a parser refuses outside of these."""
    value = first_of(machine, given)
    low, high = nth(machine, given, 1), nth(machine, given, 2)
    lo = float(low.value) if isinstance(low, Number) and low.value is not None else -intervals.INFINITY
    hi = float(high.value) if isinstance(high, Number) and high.value is not None else intervals.INFINITY
    opens = [isinstance(flag, Flag) and flag.truth is True for flag in (nth(machine, given, 3), nth(machine, given, 4))]
    return bounded(value, Interval(lo, hi, opens[0], opens[1]))


@native("trainlint.either")
def _either(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """One of several values, nobody knows which."""
    values = [machine.narrow(each.value) for each in given.positional]
    if len(values) == 1 and (items := containers.items_of(machine, values[0])) is not None:
        values = list(items.known)
    if not values:
        return machine.nothing
    result = values[0]
    for each in values[1:]:
        result = join(result, each)
    return result


def behind(label: str, default: Value, other: Value, place: Place | None) -> Value:
    """What ships, and what an option puts in its place."""
    given_it = Condition(Node("user", place, label=label), "true", None, True, False, label)
    return choose([((evolve(given_it, holds=False),), default), ((given_it,), other)])


@native("trainlint.outside")
def _outside(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``outside(reason, taint)``: something from outside of which nothing is known."""
    reason, taint = first_of(machine, given), nth(machine, given, 1)
    why = reason.text or "" if isinstance(reason, Text) else ""
    marks = frozenset({taint.text or "user"}) if isinstance(taint, Text) else USER
    origin = Node("unknown", visible(place, machine.activation.site))
    return Unknown(why=why, origin=origin, taint=marks)


@native("trainlint.typed_text", "builtins.input", "getpass.getpass")
def _typed_text(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """A text that the user types: ``typed_text(label)``."""
    label = first_of(machine, given)
    name = label.text or "" if isinstance(label, Text) else ""
    return Text(None, origin=Node("user", visible(place, machine.activation.site), label=name), taint=USER)


@native("trainlint.labelled")
def _labelled(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """The same value, from now on explained by where it is read."""
    value = first_of(machine, given)
    return with_origin(value, Node("read", visible(place, machine.activation.site), (value,), {"number": 0}))
