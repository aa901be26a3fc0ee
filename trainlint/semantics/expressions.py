"""What an expression is worth."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from trainlint.semantics import arithmetic, containers, generators, narrowing, outside, recording, truth
from trainlint.semantics.calls import call, lambda_value
from trainlint.semantics.derived import made
from trainlint.semantics.heap import join_states
from trainlint.semantics.immutable import evolve
from trainlint.semantics.joins import choose, join
from trainlint.semantics.loops import collect
from trainlint.semantics.machine import OF_A_PATH, Arguments, Given, PathEnds
from trainlint.semantics.names import assign, found, unbound
from trainlint.semantics.values import (
    OUTSIDE,
    Bytes,
    Choice,
    Condition,
    Flag,
    Library,
    Node,
    Number,
    Object,
    Place,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
    number,
    options,
)
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


_NO_ARGUMENTS = Arguments()


def _constant(machine: Machine, e: tree.Constant) -> Value:
    value = e.value
    if value is None:
        return machine.nothing
    if isinstance(value, str):
        return Text(value, origin=Node("literal", machine.place(e)))
    if isinstance(value, bool):
        return Flag(value, origin=Node("literal", machine.place(e)))
    if isinstance(value, (int, float)):
        plain, origin = _plain(value), Node("literal", machine.place(e))
        return Number(plain.range, integer=plain.integer, exact=plain.exact, origin=origin)
    if isinstance(value, bytes):
        return Bytes(value)
    return Library("builtins.Ellipsis") if value is ... else machine.unknown("a complex number", machine.place(e))


@lru_cache(maxsize=1_000, typed=True)
def _plain(value: float | int) -> Number:
    return number(value)


def _format(machine: Machine, e: tree.Format) -> Value:
    text: str | None = ""
    shipped: str | None = ""
    inputs: list[Value] = []
    for part in e.parts:
        if isinstance(part, str):
            piece: Value = Text(part)
        else:
            value = machine.evaluate(part)
            recording.shown(machine, (value,))
            piece = containers.text_of(machine, value)
            inputs.append(piece)
        known = piece.text if isinstance(piece, Text) else None
        default = piece.value if isinstance(piece, Text) else None
        text = text + known if text is not None and known is not None else None
        shipped = shipped + default if shipped is not None and default is not None else None
    origin = made("format", machine.place(e), *inputs)
    taint = frozenset[str]().union(*(each.taint for each in inputs))
    return Text(text, None if text is not None else shipped, origin=origin, taint=taint)


def _name(machine: Machine, e: tree.Name) -> Value:
    name, activation = e.id, machine.activation
    record = machine.heap.records.get(activation.frame)
    value = None if record is None else record.get(name)
    if value is None or type(value) is Unknown or name in activation.scopes:
        value = found(machine, name)
        if value is None:
            return unbound(machine, name, machine.place(e))
    return machine.narrow(value) if type(value) in OF_A_PATH else value


def _attribute(machine: Machine, e: tree.Attribute) -> Value:
    value = machine.evaluate(e.value)
    record = machine.heap.records.get(value.id) if isinstance(value, Object) else None
    held = None if record is None else record.get(e.attr)
    if held is None:
        held = machine.attribute(value, e.attr, machine.place(e))
    return machine.narrow(held) if type(held) in OF_A_PATH else held


def _subscript(machine: Machine, e: tree.Subscript) -> Value:
    value = machine.evaluate(e.value)
    index = machine.evaluate(e.index)
    place = machine.place(e)
    return machine.narrow(machine.split(value, lambda one: containers.item(machine, one, index, place)))


def _slice(machine: Machine, e: tree.Slice) -> Value:
    parts = tuple(machine.nothing if part is None else machine.evaluate(part) for part in (e.lower, e.upper, e.step))
    return Sequence(parts, kind="slice")


def _call(machine: Machine, e: tree.Call) -> Value:
    function = machine.evaluate(e.function)
    given = gather(machine, e.arguments)
    value = call(machine, function, given, machine.place(e))
    return machine.narrow(value) if type(value) in OF_A_PATH else value


def gather(machine: Machine, items: tuple[tree.Argument, ...]) -> Arguments:
    """Evaluated arguments; starred ones are spread where their items are known."""
    if not items:
        return _NO_ARGUMENTS
    positional: list[Given] = []
    keywords: list[tuple[str, Given]] = []
    is_open = False
    taint: frozenset[str] = frozenset()
    rest: Value | None = None
    unlisted: Value | None = None
    evaluate, place_of = machine.evaluate, machine.place
    for item in items:
        expression = item.value
        value = evaluate(expression)
        place = place_of(expression)
        if not item.star:
            if item.keyword is None:
                positional.append(Given(value, place))
            else:
                keywords.append((item.keyword, Given(value, place)))
        elif item.star == "*":
            spread = containers.items_of(machine, value)
            if spread is None or spread.middle is not None:
                is_open = True
                taint |= value.taint
                if spread is not None:
                    positional.append(Given(evolve(spread, kind="spread"), place))
                else:
                    unlisted = outside.entries(machine, value, place)
            else:
                positional.extend(Given(each, place) for each in spread.head)
        else:
            mapping = containers.entries_of(machine, value)
            if mapping is None or mapping.rest is not None:
                is_open = True
                rest = outside.entries(machine, value, place) if mapping is None else mapping.rest
                taint |= value.taint if rest is None else rest.taint
            if mapping is not None:
                for key, each in mapping.items:
                    if isinstance(key, Text) and key.text is not None:
                        keywords.append((key.text, Given(each, place)))
    return Arguments(tuple(positional), tuple(keywords), is_open, taint & OUTSIDE if taint else taint, rest, unlisted)


def _binary(machine: Machine, e: tree.Binary) -> Value:
    # Left-deep chains are long in generated code: walk down them without recursion.
    chain = [e]
    left = e.left
    while isinstance(left, tree.Binary):
        chain.append(left)
        left = left.left
    value = machine.evaluate(left)
    for step in reversed(chain):
        right = machine.evaluate(step.right)
        value = arithmetic.binary(machine, step.op, value, right, machine.place(step))
    return value


def _unary(machine: Machine, e: tree.Unary) -> Value:
    operand = machine.evaluate(e.operand)
    if e.op == "not":
        return truth.negated(machine, operand)
    return arithmetic.unary(machine, e.op, operand, machine.place(e))


def _compare(machine: Machine, e: tree.Compare) -> Value:
    left = machine.evaluate(e.left)
    answers: list[Value] = []
    for op, other in zip(e.ops, e.others, strict=False):
        right = machine.evaluate(other)
        answers.append(truth.compare(machine, op, left, right, machine.place(e)))
        recording.scored(machine, left, right)
        left = right
    return answers[0] if len(answers) == 1 else truth.conjunction(answers)


def _logical(machine: Machine, e: tree.Logical) -> Value:
    """``and`` and ``or`` give one of their operands; later ones run only where the earlier ones let them."""
    stop_on = e.op == "or"
    alternatives: list[Value] = []
    value: Value = machine.nothing
    for index, item in enumerate(e.values):
        value = machine.evaluate(item)
        last = index == len(e.values) - 1
        answer = truth.flag(machine, value)
        if answer.truth is not None and not last:
            if answer.truth is stop_on:
                break
            continue
        alternatives.append(value)
    else:
        return _either(alternatives, stop_on)
    return _either([*alternatives, value], stop_on)


def _either(values: list[Value], stop_on: bool) -> Value:
    if len(values) == 1:
        return values[0]
    if all(isinstance(value, Flag) for value in values):
        return truth.combined([value for value in values if isinstance(value, Flag)], stop_on)
    if isinstance(values[0], Choice | Number):
        return _first_or(values[0], _either(values[1:], stop_on), stop_on)
    shipped = next((value for value in values[:-1] if truth.shipped(value) is stop_on), None)
    if shipped is not None and isinstance(shipped, Text | Flag):
        return shipped
    known = [value for value in values if not isinstance(value, Unknown)]
    if stop_on and len(known) == 1 and isinstance(values[0], Unknown):
        return values[0]
    result: Value = values[0]
    for value in values[1:]:
        result = join(result, value)
    return result


def _first_or(first: Value, rest: Value, stop_on: bool) -> Value:
    """``first or rest``: each alternative of the first where it can be true, the rest where it can be false."""
    ways: list[tuple[tuple[Condition, ...], Value]] = []
    for path, option in options(first):
        answer = truth.simple(option)
        if answer is not (not stop_on):
            if isinstance(option, Number) and isinstance(rest, Number) and option.exact is None and answer is None:
                option = evolve(option, range=option.range.hull(rest.range), origin=made("or", None, option, rest))
            ways.append((path, option))
        if answer is not stop_on and not (isinstance(option, Number) and truth.shipped(option) is stop_on):
            ways.extend((path + inner, each) for inner, each in options(rest))
    if len(ways) == 2 and ways[0][0] == ways[1][0]:
        return join(ways[0][1], ways[1][1])
    return choose(ways)


def _conditional(machine: Machine, e: tree.Conditional) -> Value:
    """Both sides run on paths of their own where the test is open."""
    test = machine.evaluate(e.test)
    answer = truth.decide(machine, test)
    if answer is not None:
        return machine.evaluate(e.body if answer else e.orelse)
    start = machine.now
    yes, no = truth.conditions(machine, test, machine.place(e.test))
    ends, results = [], []
    for condition, side, holds in ((yes, e.body, True), (no, e.orelse, False)):
        machine.state = start.parted(condition, last=not holds)
        try:
            refined = narrowing.refine(machine, e.test, holds, test)
            value = machine.evaluate(side)
            narrowing.restore(machine, refined)
            ends.append(machine.now)
            results.append((condition, value))
        except PathEnds:
            continue
    if not ends:
        machine.state = None
        raise PathEnds
    machine.state = join_states(ends)
    if len(results) == 1:
        return results[0][1]
    return _chosen(results)


def _chosen(results: list[tuple[Any, Value]]) -> Value:
    (yes, a), (no, b) = results
    return join(b, a, (no,), (yes,)) if yes.off_default else join(a, b, (yes,), (no,))


def _display(machine: Machine, e: tree.Display) -> Value:
    head: list[Value] = []
    middle: Value | None = None
    tail: list[Value] = []
    for item in e.items:
        if isinstance(item, tree.Starred):
            starred = machine.evaluate(item.value)
            spread = containers.items_of(machine, starred)
            if spread is None:
                spread = Sequence(middle=machine.unknown("items of an unknown sequence", machine.place(item), starred))
            if spread.exact:
                (head if middle is None else tail).extend(spread.head)
            elif middle is None:
                head.extend(spread.head)
                middle, tail = spread.middle, list(spread.tail)
            else:
                for each in (*tail, *spread.known):
                    middle = join(middle, each)
                tail = []
        else:
            value = machine.evaluate(item)
            if isinstance(value, Tensor) and value.live and value.origin is not None:
                machine.facts.stored.setdefault(value.origin, machine.place(item))
            (head if middle is None else tail).append(value)
    if e.kind == "tuple":
        return Sequence(tuple(head), middle, tuple(tail))
    return containers.new_list(machine, Sequence(tuple(head), middle, tuple(tail), e.kind), machine.place(e))


def _dict(machine: Machine, e: tree.DictDisplay) -> Value:
    items: dict[Value, Value] = {}
    rest: Value | None = None
    places: dict[str, Place] = {}
    for key, value in e.items:
        if key is None:
            spread = machine.evaluate(value)
            mapping = containers.entries_of(machine, spread)
            if mapping is None:
                items = dict(outside.overwritten(machine, items.items(), spread, machine.place(e)))
                rest = outside.entries(machine, spread, machine.place(e))
            else:
                if mapping.rest is not None and outside.is_outside(mapping.rest):
                    items = dict(outside.overwritten(machine, items.items(), mapping.rest, machine.place(e)))
                items.update(mapping.items)
                rest = mapping.rest or rest
        else:
            name = machine.evaluate(key)
            if isinstance(name, Text) and name.text is not None:
                places[name.text] = machine.place(value)
            items[name] = machine.evaluate(value)
    made = containers.new_dict(machine, tuple(items.items()), rest, machine.place(e))
    machine.item_places.update(((made.id, name), place) for name, place in places.items())
    return made


def _comprehension(machine: Machine, e: tree.Comprehension) -> Value:
    return collect(machine, e)


def _lambda(machine: Machine, e: tree.Lambda) -> Value:
    return lambda_value(machine, e)


def _await(machine: Machine, e: tree.Await) -> Value:
    return machine.evaluate(e.value)


def _yield(machine: Machine, e: tree.Yield) -> Value:
    activation = machine.activation
    activation.items += 1
    if e.delegates and activation.middle is not None and e.value is not None:
        generators.hand_on(machine, e.value, activation.middle)
        return machine.unknown("what a generator returns", machine.place(e))
    value = machine.nothing if e.value is None else machine.evaluate(e.value)
    if activation.middle is not None:
        activation.middle(value)
        if machine.state is None:
            raise PathEnds
    elif activation.yields is not None:
        if e.delegates:
            spread = containers.items_of(machine, value)
            activation.yields.extend(spread.known if spread is not None else (machine.unknown("yield from", None),))
        else:
            activation.yields.append(value)
    return machine.unknown("sent to a generator", machine.place(e))


def _walrus(machine: Machine, e: tree.Walrus) -> Value:
    value = machine.evaluate(e.value)
    assign(machine, e.target, value)
    return value


def _starred(machine: Machine, e: tree.Starred) -> Value:
    return machine.evaluate(e.value)


HANDLERS: dict[type, Callable[[Any, Any], Value]] = {
    tree.Constant: _constant,
    tree.Format: _format,
    tree.Name: _name,
    tree.Attribute: _attribute,
    tree.Subscript: _subscript,
    tree.Slice: _slice,
    tree.Call: _call,
    tree.Binary: _binary,
    tree.Unary: _unary,
    tree.Compare: _compare,
    tree.Logical: _logical,
    tree.Conditional: _conditional,
    tree.Display: _display,
    tree.DictDisplay: _dict,
    tree.Comprehension: _comprehension,
    tree.Lambda: _lambda,
    tree.Await: _await,
    tree.Yield: _yield,
    tree.Walrus: _walrus,
    tree.Starred: _starred,
}
