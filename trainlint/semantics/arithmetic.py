"""Operators: numbers, text, sequences and tensors."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from attrs import evolve

from trainlint.semantics import containers, intervals, outside, scaling, shapes
from trainlint.semantics.derived import made, mapped
from trainlint.semantics.heap import LEAF
from trainlint.semantics.intervals import ANY, INFINITY, Interval
from trainlint.semantics.machine import OUTSIDE, arguments
from trainlint.semantics.primitives import elementwise, reductions, selection, sources
from trainlint.semantics.primitives.base import (
    EXPONENTIALS,
    INVERSE,
    INVERSES,
    KEEP_ALL,
    LOG_PROBABILITIES,
    NOBODYS,
    PRIMITIVES,
    PROBABILITIES,
    SLIGHT,
    UNTRACKED,
    Use,
    exponentials,
    inverted,
    is_noise,
    lifted,
    make,
    normalised,
    note_normalised,
    primitive,
    shares_exponential,
    tensor,
)
from trainlint.semantics.shapes import Shape
from trainlint.semantics.values import (
    Choice,
    Flag,
    Library,
    Node,
    Number,
    Object,
    Parameters,
    Place,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
    known_number,
    number,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_EXACT: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}
_METHODS = {"+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__", "@": "__matmul__", "|": "__or__"}
_NAMES = {"+": "sum", "-": "difference", "*": "product", "/": "quotient", "**": "power", "@": "matmul"}
_STEPS = frozenset({"item", "one", "return", "/", "*"})  # from a number back to where it was taken
_NEAR = 6
SUM = "sum of items"  # the operation that adds up the numbers of a list
_LONGEST_STEP = 150  # operations between the weights and their gradient
OPERATORS = frozenset({*_NAMES.values(), "negation"})  # how the history of a tensor calls them
_LARGEST = 1 << 256


def binary(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value:
    """``left op right``."""
    if isinstance(left, Choice):
        return machine.split(left, lambda one: binary(machine, op, one, right, place))
    if isinstance(right, Choice):
        return machine.split(right, lambda one: binary(machine, op, left, one, place))
    left, right = _as_number(left), _as_number(right)
    if isinstance(left, Number) or isinstance(right, Number):
        left, right = outside.as_number(left), outside.as_number(right)
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        result = scaling.rescaled(machine, op, left, right, _tensors(machine, op, left, right, place))
        if machine.graph.applied:
            one, other = left, right
            machine.graph.note(
                machine,
                (one, other),
                result,
                lambda swap: binary(machine, op, swap(one), swap(other), place),
            )
        return result
    if isinstance(left, Number) and isinstance(right, Number):
        return _numbers(machine, op, left, right, place)
    if isinstance(left, Text) and op in ("+", "%", "*"):
        return _text(op, left, right)
    if isinstance(left, Parameters) and isinstance(right, Parameters):
        return Parameters(left.owners | right.owners, left.complete and right.complete, origin=left.origin)
    if op == "|" and containers.is_dict(left):
        merged = machine.call(Library("builtins.dict"), arguments(left), place)
        machine.method(merged, "update", arguments(right), place)
        return merged
    sequences = _sequences(machine, op, left, right, place)
    if sequences is not None:
        return sequences
    if isinstance(left, Object) and op in _METHODS:
        method = machine.attribute(left, _METHODS[op], place)
        if not isinstance(method, Unknown):
            return machine.call(method, arguments(right), place)
    first = left if isinstance(left, Unknown) else right
    why = f"{op} of values that were not followed"
    origin = Node(_NAMES.get(op, "unknown"), place, (left, right), {"why": int(first is right)})
    return Unknown(why=why, origin=origin, taint=first.taint & OUTSIDE)


def _as_number(value: Value) -> Value:
    if isinstance(value, Flag):
        if value.truth is not None:
            return number(int(value.truth))
        shipped = None if value.shipped is None else int(value.shipped)
        return Number(intervals.UNIT, shipped, integer=True, origin=value.origin, taint=value.taint)
    return value


def unary(machine: Machine, op: str, operand: Value, place: Place) -> Value:
    """``op operand`` for - + ~."""
    if isinstance(operand, Choice):
        return machine.split(operand, lambda one: unary(machine, op, one, place))
    operand = _as_number(operand)
    if op == "+":
        return operand
    if isinstance(operand, Number):
        exact = operand.exact
        if exact is not None:
            if op == "-" and not isinstance(exact, complex):
                literal = operand.origin is not None and operand.origin.op == "literal"
                return number(-exact, Node("literal", place) if literal else operand.origin)
            return number(~exact) if isinstance(exact, int) else operand
        shipped = None if operand.shipped is None else -operand.shipped
        return mapped(operand, "-", place, intervals.negate(operand.range), shipped, integer=operand.integer)
    if isinstance(operand, Tensor) and op == "-":
        return elementwise.negative(Use(machine, "negation", {"input": operand}, place, op="negative"))
    return machine.unknown(f"{op} of a value that was not followed", place, operand)


# Numbers, text, sequences ---------------------------------------------------------------------------------------------


def _numbers(machine: Machine, op: str, left: Number, right: Number, place: Place) -> Value:
    if left.exact is not None and right.exact is not None:
        exact = _compute(op, left.exact, right.exact)
        return (
            machine.unknown("arithmetic that fails", place)
            if exact is None
            else number(exact, made(op, place, left, right))
        )
    a, b = left.range, right.range
    range_ = {
        "+": lambda: intervals.add(a, b),
        "-": lambda: intervals.subtract(a, b),
        "*": lambda: intervals.multiply(a, b),
        "/": lambda: intervals.divide(a, b),
    }.get(op, lambda: _other_range(op, a, b))()
    shipped = None
    if left.value is not None and right.value is not None:
        shipped = _compute(op, left.value, right.value)
        shipped = None if isinstance(shipped, complex) else shipped
    integer = left.integer and right.integer and op != "/"
    size, below = left.size, left.below
    offset = right.exact if isinstance(right.exact, int) and op in ("+", "-") else None
    if offset is None:
        size = below = None
    else:
        offset = offset if op == "+" else -offset
        size = None if size is None else evolve(size, offset=size.offset + offset)
        below = None if below is None else evolve(below, offset=below.offset + offset)
    result = Number(
        range_,
        shipped,
        integer,
        size,
        below,
        taint=left.taint | right.taint,
        origin=made(op, place, left, right),
    )
    if op == "/":
        _note_exponentials(machine, left, right, result, place)
    return result


def _note_exponentials(machine: Machine, left: Number, right: Number, result: Number, place: Place) -> None:
    """Note a number that is an exponential over the sum of such exponentials of the items of one tensor."""
    total = right.origin
    if total is None or total.op != SUM:
        return
    source = _exponent_source(left)
    if source and any(_exponent_source(each) == source for each in total.inputs):
        note_normalised(Use(machine, "quotient", {}, place), result, left)


def _exponent_source(value: Value) -> int:
    """The number of the tensor of whose items an exponential is taken; 0 for anything else."""
    node = value.origin
    while node is not None and node.op in _STEPS and node.inputs:
        node = node.inputs[0].origin
    if node is None or node.op != "exp":
        return 0
    pending = node.inputs[0]
    for _ in range(_NEAR):
        if isinstance(pending, Tensor) and (pending.origin is None or pending.origin.op != "index"):
            return pending.number
        if pending.origin is None or not pending.origin.inputs or pending.origin.op not in _STEPS | {"index"}:
            return 0
        pending = pending.origin.inputs[0]
    return 0


def _compute(op: str, a: Any, b: Any) -> Any:
    if op in ("<<", "**") and isinstance(a, int) and (abs(b) > 512 or abs(a) > _LARGEST):
        return None
    if op in ("*",) and isinstance(a, int) and isinstance(b, int) and max(abs(a), abs(b)) > _LARGEST:
        return None
    try:
        result = _EXACT[op](a, b)
    except OverflowError:
        return INFINITY if op == "**" and a > 0 else None
    except (ArithmeticError, TypeError, ValueError, KeyError):
        return None
    return result if isinstance(result, int | float) else None


def _other_range(op: str, a: Interval, b: Interval) -> Interval:
    if op == "//":
        quotient = intervals.divide(a, b)
        return Interval(quotient.lo - 1 if quotient.lo > -INFINITY else quotient.lo, quotient.hi)
    if op == "%" and b.is_point and b.lo > 0:
        return Interval(0.0, b.lo, False, True)
    if op == "**" and b.is_point:
        return intervals.power(a, b.lo)
    if op == "**" and a.is_point and a.lo > 0:
        base = a.lo
        return b.mapped(lambda x: _power(base, x), falling=base < 1)
    return ANY


def _power(base: float, exponent: float) -> float:
    """The power of a positive base; what overflows is infinite."""
    try:
        return float(base**exponent)
    except OverflowError:
        return INFINITY


def _text(op: str, left: Text, right: Value) -> Value:
    if op == "+" and isinstance(right, Text):
        if left.text is not None and right.text is not None:
            return Text(left.text + right.text)
        if left.value is not None and right.value is not None:
            return Text(None, left.value + right.value, origin=left.origin, taint=left.taint | right.taint)
    if op == "%":
        return _interpolated(left, right)
    if op == "*" and left.text is not None and isinstance(right, Number) and isinstance(right.exact, int):
        return Text(left.text * min(right.exact, 1000))
    return Text(None)


def _interpolated(left: Text, right: Value) -> Text:
    """``"text" % values``, where all of them are known."""
    items = right.head if isinstance(right, Sequence) and right.exact else (right,)
    values = [each.text if isinstance(each, Text) else getattr(each, "exact", None) for each in items]
    if left.text is None or None in values or not all(isinstance(each, Text | Number) for each in items):
        return Text(None, taint=left.taint.union(*(each.taint for each in items)))
    try:
        return Text(left.text % tuple(values), origin=left.origin)
    except (TypeError, ValueError):
        return Text(None)


def _sequences(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value | None:
    if op == "*" and isinstance(left, Number):
        left, right = right, left
    is_list = containers.is_list(left)
    if not is_list and not isinstance(left, Sequence):
        return None
    first = containers.items_of(machine, left)
    if first is None:
        return None
    if op == "*" and isinstance(right, Number):
        count = right.value
        if isinstance(count, int) and first.exact and len(first.head) * count <= 1024:
            result = Sequence(first.head * count)
        elif first.known:
            result = Sequence(middle=containers.nth(machine, first, 0, None, place), symbol=Node("length", place))
        else:
            result = first
    elif op == "+":
        second = containers.items_of(machine, right)
        if second is None:
            second = Sequence(middle=machine.unknown("items of an unknown sequence", place))
        result = containers.concatenated(machine, first, second)
    else:
        return None
    return containers.new_list(machine, result, place) if is_list else evolve(result, kind="tuple")


# Tensors --------------------------------------------------------------------------------------------------------------


def _tensors(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value:
    use = Use(machine, _NAMES.get(op, op), {}, place)
    a, b = tensor(machine, left), tensor(machine, right)
    if op == "@":
        return reductions.product(evolve(use, bound={"input": a, "other": b}))
    constant = right.value if isinstance(right, Number) else None
    if op == "**":
        return elementwise.power(evolve(use, op="power", bound={"input": a, "exponent": right}))
    if op not in ("+", "-", "*", "/"):
        return make(use, a, b, shape=a.shape)
    special = _proven(machine, op, a, b, left, right, use)
    if special is not None:
        return special
    if op == "-" and _is_step(machine, a, b):
        return sources.stepped(machine, a, place)
    transfer = {"+": intervals.add, "-": intervals.subtract, "*": intervals.multiply, "/": intervals.divide}[op]
    range_ = transfer(a.range, b.range)
    reach = _reach(op, a, b, transfer)
    keeps: dict[str, int] = {}
    content, axis = "", None
    whole = a if isinstance(left, Tensor) else b
    if isinstance(left, Number) or isinstance(right, Number):
        content, axis = _content(op, whole, left, right)
        other = right if whole is a else left
        scales = isinstance(other, Number) and other.range.lo > 0 and op in ("*", "/") and whole is a
        if content or (scales and whole.range.lo in (0, -INFINITY)):
            keeps = {"range": 0 if whole is a else 1, "reach": 0 if whole is a else 1}
        if content:
            keeps["content"] = 0 if whole is a else 1
    elif range_ == a.range and op == "+" and a.range != ANY:
        keeps = {"range": 0, "reach": 0}
    result = make(
        use,
        a,
        b,
        range=range_,
        reach=reach,
        content=content,
        axis=axis,
        shape=_broadcast(a, b, left, right),
        key=(op, constant, left.value if isinstance(left, Number) else None),
    )
    if keeps:
        assert result.origin is not None
        result = evolve(result, origin=evolve(result.origin, carrier=keeps))
    if op == "+" and whole.facts and 0 < (_shift(left, right) or 0) <= SLIGHT:
        result = evolve(result, facts=result.facts | lifted(whole))
    if op == "/" and b.facts and isinstance(left, Number) and left.exact == 1:
        result = evolve(result, facts=result.facts | inverted(b))
    if op in ("*", "/") and (a.facts or b.facts):
        result = _with_exponentials(use, op, a, b, result)
    if not content and result.range.within(intervals.UNIT):
        result = _averaged(result)
    return result


def _with_exponentials(use: Use, op: str, a: Tensor, b: Tensor, result: Tensor) -> Tensor:
    """A product or quotient, and which exponentials are factors of it; over their own sum they are noted."""
    factors = exponentials(a, b) if op == "*" else exponentials(a)
    if not factors:
        return result
    result = evolve(result, facts=result.facts | factors)
    pairs = ((a, b, EXPONENTIALS),) if op == "/" else ((a, b, INVERSES), (b, a, INVERSES))
    for one, other, kind in pairs:
        if shares_exponential(one, other, kind):
            note_normalised(use, result, one)
    return result


def _is_step(machine: Machine, a: Tensor, b: Tensor) -> bool:
    """Whether ``a - b`` is a step of gradient descent by hand: ``b`` comes of products with the array ``a``."""
    if not machine.knowledge.is_plain(a.library) or not a.number:
        return False
    pending: list[tuple[Value, bool]] = [(b, False)]
    seen: set[tuple[int, bool]] = set()
    while pending and len(seen) < _LONGEST_STEP:
        value, multiplied = pending.pop()
        node = value.origin
        if node is None or (id(node), multiplied) in seen:
            continue
        if multiplied and isinstance(value, Tensor) and value.number == a.number:
            return True
        seen.add((id(node), multiplied))
        multiplied = multiplied or node.op == reductions.MATMUL
        pending.extend((each, multiplied) for each in node.inputs)
    return False


def _shift(left: Value, right: Value) -> float | None:
    """The number that is added to a tensor."""
    return known_number(right if isinstance(right, Number) else left)


def _averaged(x: Tensor) -> Tensor:
    """A weighted mean of probabilities is again a probability: the weights are positive and add up to 1."""
    terms = _terms(x, 1.0)
    kinds = {(each.content, each.axis) for _, each in terms}
    if len(terms) < 2 or len(kinds) > 1 or any(weight <= 0 for weight, _ in terms):
        return x
    content, axis = kinds.pop()
    if content not in PROBABILITIES or abs(sum(weight for weight, _ in terms) - 1.0) > 1e-6:
        return x
    assert x.origin is not None
    return evolve(x, content=content, axis=axis, origin=evolve(x.origin, carrier={"content": 0, "range": 0}))


def _terms(x: Tensor, weight: float, depth: int = 0) -> list[tuple[float, Tensor]]:
    """``x`` as a weighted sum, as far as its history shows one."""
    if x.content or x.origin is None or depth > 32 or len(x.origin.inputs) != 2:
        return [(weight, x)]
    a, b = x.origin.inputs
    if not isinstance(a, Tensor) or not isinstance(b, Tensor):
        return [(weight, x)]
    op = x.origin.op
    if op == _NAMES["+"]:
        parts = [each for each in (a, b) if each.range != intervals.point(0.0)]
        return [term for each in parts for term in _terms(each, weight, depth + 1)]
    if op == _NAMES["*"] and (a.range.is_point or b.range.is_point):
        scale, inner = (a, b) if a.range.is_point else (b, a)
        return _terms(inner, weight * scale.range.lo, depth + 1)
    if op == _NAMES["/"] and b.range.is_point and b.range.lo:
        return _terms(a, weight / b.range.lo, depth + 1)
    return [(weight, x)]


def _blended(a: Tensor, b: Tensor, use: Use) -> Tensor | None:
    """``w * p + (1 - w) * q`` with ``w`` between 0 and 1 lies between ``p`` and ``q``."""
    for w, p in _factors(a):
        for v, q in _factors(b):
            if v.number and w.number and (_complement(v, w) or _complement(w, v)) and w.range.within(intervals.UNIT):
                alike = (p.content, p.axis) == (q.content, q.axis) and p.content in PROBABILITIES
                content, axis = (p.content, p.axis) if alike else ("", None)
                mixed = make(use, a, b, range=p.range.hull(q.range), content=content, axis=axis, shape=a.shape)
                assert mixed.origin is not None
                return evolve(mixed, origin=evolve(mixed.origin, inputs=(p, q), carrier={"range": 0, "content": 0}))
    return None


def _factors(x: Tensor) -> list[tuple[Tensor, Tensor]]:
    if x.origin is None or x.origin.op != _NAMES["*"] or len(x.origin.inputs) != 2:
        return []
    a, b = x.origin.inputs
    return [(a, b), (b, a)] if isinstance(a, Tensor) and isinstance(b, Tensor) else []


def _complement(x: Tensor, of: Tensor) -> bool:
    """Whether ``x`` is 1 - ``of``."""
    if x.origin is None or x.origin.op != _NAMES["-"] or len(x.origin.inputs) != 2:
        return False
    one, other = x.origin.inputs
    if not isinstance(one, Tensor) or not isinstance(other, Tensor):
        return False
    return one.range == intervals.point(1.0) and other.number == of.number


def _broadcast(a: Tensor, b: Tensor, left: Value, right: Value) -> Shape | None:
    if not isinstance(left, Tensor):
        return b.shape
    if not isinstance(right, Tensor) or b.shape == a.shape:
        return a.shape if not isinstance(right, Unknown) else None
    return shapes.merged(a.shape, b.shape)


def _content(op: str, x: Tensor, left: Value, right: Value) -> tuple[str, int | None]:
    """What arithmetic with a number leaves of probabilities: a slight shift, and 1 - p."""
    number_side = right if isinstance(right, Number) else left
    assert isinstance(number_side, Number)
    value = number_side.value
    if x.content in PROBABILITIES | LOG_PROBABILITIES and value is not None:
        if op in ("+", "-") and number_side is right and abs(value) <= 1e-3:
            return x.content, x.axis
        if op in ("*", "/") and value == 1 and number_side is right:
            return x.content, x.axis
        if op == "+" and value == 0:
            return x.content, x.axis
    if op == "-" and number_side is left and value == 1 and x.content in PROBABILITIES:
        return "binary", None
    return "", None


def _proven(machine: Machine, op: str, a: Tensor, b: Tensor, left: Value, right: Value, use: Use) -> Tensor | None:
    """Results that follow from what one operand is of the other."""
    alike = bool(a.number) and a.number == b.number and _arrangement(a) is _arrangement(b)
    if op == "-" and alike:
        return make(use, a, b, range=intervals.point(0.0), reach=intervals.point(0.0), shape=a.shape)
    if op == "*" and alike:
        squared = elementwise.square(evolve(use, label="square", op="square", bound={"input": a}))
        return squared if isinstance(squared, Tensor) else None
    if op == "+":
        return _blended(a, b, use)
    if op == "-":
        for fact in b.facts if a.number else ():
            if fact.of == a.number and fact.kind == "max":
                return make(use, a, b, range=Interval(-INFINITY, 0.0), shape=a.shape, key=op)
            if fact.of == a.number and fact.kind == "min":
                above = Interval(0.0, INFINITY)
                far = a.reach is not None and not a.reach.is_bounded
                return make(use, a, b, range=above, reach=above if far else None, shape=a.shape, key=op)
            if fact.of == a.number and fact.kind == "logsumexp":
                axis = fact.axes[0] if fact.axes else None
                below = Interval(-INFINITY, 0.0)
                return make(use, a, b, range=below, content="log-probabilities", axis=axis, shape=a.shape, key=op)
    if op == "/" and a.range.lo >= 0 and a.number:
        for fact in b.facts:
            if fact.of == a.number and fact.kind == "sum":
                return normalised(use, a, b, fact)
    if op == "*":
        for one, other in ((a, b), (b, a)):
            for fact in other.facts if one.range.lo >= 0 and one.number else ():
                if fact.of == one.number and fact.kind == INVERSE:
                    return normalised(use, one, other, fact)
    return None


def _arrangement(x: Tensor) -> Node | None:
    """The last step that put the elements elsewhere: ``x.unsqueeze(0) - x.unsqueeze(1)`` is not zero."""
    node = x.origin
    while node is not None and node.op != selection.LAYOUT and KEEP_ALL.keys() <= node.carrier.keys():
        node = node.inputs[0].origin
    return node if node is not None and node.op == selection.LAYOUT else None


def _reach(op: str, a: Tensor, b: Tensor, transfer: Callable[[Interval, Interval], Interval]) -> Interval | None:
    """What the result is known to fill; None where the operands may depend on each other."""
    if op in ("+", "-") and (_frees(a, b) or _frees(b, a)):
        return ANY
    if op in ("*", "/") and (_scaled(a, b) or (op == "*" and _scaled(b, a))):
        return ANY
    if op in ("*", "/") and (kept := _times_number(a, b)) is not None:
        return kept
    if op == "*" and (kept := _times_number(b, a)) is not None:
        return kept
    if a.reach is None or b.reach is None:
        return None
    if not (a.reach.is_point or b.reach.is_point):
        infinite = not a.reach.is_bounded or not b.reach.is_bounded
        if op == "*" and (a.range.is_point or b.range.is_point):
            return None
        before, other = _before(a), _before(b)
        if (op in ("-", "/") or not infinite) and before & other:
            return None  # what both were computed from may cancel out
        if op == "*" and (b.number in before or a.number in other):
            return None
    return transfer(a.reach, b.reach)


def _times_number(a: Tensor, b: Tensor) -> Interval | None:
    """What is left of the reach of ``a`` by a number that is not known: all that goes without end in its directions."""
    if a.reach is None or a.reach.is_bounded or b.library != NOBODYS or b.range.is_point:
        return None
    if b.origin is None or b.origin.op == UNTRACKED or selection.looks_at(b, set(_before(a))):
        return None
    if a.reach == ANY:
        return ANY
    return a.reach if b.range.lo > 0 and {a.reach.lo, a.reach.hi} <= {0.0, -INFINITY, INFINITY} else None


def _scaled(a: Tensor, b: Tensor) -> bool:
    """Whether ``a`` was drawn at random or is trained, and ``b`` is something else by which it is multiplied."""
    free = is_noise(a) or (a.reach == ANY and a.origin is not None and a.origin.op == LEAF)
    return free and not b.range.is_point and not selection.looks_at(b, {a.number})


def _frees(a: Tensor, b: Tensor) -> bool:
    """Whether weights that ``b`` knows nothing of take ``a`` anywhere, so that adding ``b`` does not confine it."""
    own = a.live | a.cut
    leaf = a.origin is not None and a.origin.op == LEAF
    tracked = b.origin is None or b.origin.op != UNTRACKED
    return a.reach == ANY and bool(own) and own.isdisjoint(b.live | b.cut) and (leaf or tracked)


def _before(a: Tensor, most: int = 40) -> frozenset[int]:
    """The numbers of ``a`` and of what it was computed from, back to the last trained weights."""
    pending, numbers, seen = [a], set(), 0
    while pending and seen < most:
        each = pending.pop()
        seen += 1
        numbers.add(each.number)
        if each.origin is not None and not each.live - _inputs_live(each.origin):
            pending.extend(item for item in each.origin.inputs if isinstance(item, Tensor))
    return frozenset(numbers - {0})


def _inputs_live(node: Node) -> frozenset[Any]:
    return frozenset().union(*(item.live for item in node.inputs if isinstance(item, Tensor)))


# The operators as functions of the library ----------------------------------------------------------------------------


def _as_function(name: str, op: str) -> None:
    def run(use: Use) -> Value:
        machine, place = use.machine, use.place or Place("", 0, 0)
        other = use.get("other") or machine.nothing
        scale = use.get("alpha")
        if isinstance(scale, Number) and scale.exact != 1:
            other = binary(machine, "*", other, scale, place)
        return binary(machine, op, use.get(use.first) or machine.nothing, other, place)

    primitive(name)(run)


for _name, _op in (("add", "+"), ("subtract", "-"), ("multiply", "*"), ("divide", "/")):
    _as_function(_name, _op)


@primitive("interpolated")
def interpolated(use: Use) -> Value:
    """``start + weight · (end - start)``, which for weights from 0 to 1 lies in between."""
    machine, place = use.machine, use.place or Place("", 0, 0)
    start, end, weight = (use.get(role) or machine.nothing for role in (use.first, "end", "weight"))
    rest = binary(machine, "-", number(1), weight, place)
    return binary(
        machine, "+", binary(machine, "*", rest, start, place), binary(machine, "*", weight, end, place), place
    )


@primitive("scaled_sum")
def scaled_sum(use: Use) -> Value:
    """The first plus a multiple of the product or quotient of two others."""
    machine, place = use.machine, use.place or Place("", 0, 0)
    first, one, other = (use.get(role) or machine.nothing for role in (use.first, "tensor1", "tensor2"))
    term = binary(machine, "/" if use.set.get("divides") else "*", one, other, place)
    scale = use.get("value")
    if scale is not None:
        term = binary(machine, "*", term, scale, place)
    return binary(machine, "+", first, term, place)


@primitive("reversed_difference")
def reversed_difference(use: Use) -> Value:
    """The second minus the first."""
    machine, place = use.machine, use.place or Place("", 0, 0)
    return binary(machine, "-", use.get("other") or machine.nothing, use.get(use.first) or machine.nothing, place)


@primitive("squared_difference", bends=True)
def squared_difference(use: Use) -> Value:
    """The square of what lies between two."""
    difference = tensor(use.machine, PRIMITIVES["subtract"](use))
    return elementwise.square(
        evolve(use, label="square", name="", op="square", bound={"input": difference}, first="input")
    )


@primitive("summed")
def summed(use: Use) -> Value:
    """The sum of the tensors in a list."""
    machine, place = use.machine, use.place or Place("", 0, 0)
    items = containers.items_of(machine, use.get(use.first) or machine.nothing)
    if items is None or not items.exact or not items.head:
        return machine.unknown("a sum of tensors that were not followed", place)
    total = items.head[0]
    for each in items.head[1:]:
        total = binary(machine, "+", total, each, place)
    return total
