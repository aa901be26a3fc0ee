"""Operators on tensors: what their results lie within and reach, and what the relation of the operands proves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainlint.semantics import intervals, shapes
from trainlint.semantics.heap import LEAF
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import ANY, INFINITY, Interval
from trainlint.semantics.primitives import elementwise, reductions, selection, sources
from trainlint.semantics.primitives.base import (
    EXPONENTIALS,
    INVERSE,
    INVERSES,
    KEEP_ALL,
    LOG_PROBABILITIES,
    NOBODYS,
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
    shares_exponential,
    tensor,
    union,
)
from trainlint.semantics.shapes import Shape
from trainlint.semantics.values import Node, Number, Place, Tensor, Unknown, Value, known_number

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

NAMES = {"+": "sum", "-": "difference", "*": "product", "/": "quotient", "**": "power", "@": "matmul"}
_LIKELIHOODS = PROBABILITIES | LOG_PROBABILITIES
_TRANSFERS: dict[str, Callable[[Interval, Interval], Interval]] = {
    "+": intervals.add,
    "-": intervals.subtract,
    "*": intervals.multiply,
    "/": intervals.divide,
}
_LONGEST_STEP = 150  # operations between the weights and their gradient
OPERATORS = frozenset({*NAMES.values(), "negation"})  # how the history of a tensor calls them


def combined(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value:
    """``left op right``, one of them a tensor."""
    use = Use(machine, NAMES.get(op, op), {}, place)
    a, b = tensor(machine, left), tensor(machine, right)
    if op == "@":
        return reductions.product(evolve(use, bound={"input": a, "other": b}))
    constant = right.value if isinstance(right, Number) else None
    if op == "**":
        return elementwise.power(evolve(use, op="power", bound={"input": a, "exponent": right}))
    transfer = _TRANSFERS.get(op)
    if transfer is None:
        return make(use, a, b, shape=a.shape)
    special = _proven(machine, op, a, b, left, right, use)
    if special is not None:
        return special
    if op == "-" and _is_step(machine, a, b):
        return sources.stepped(machine, a, place)
    range_ = transfer(a.range, b.range)
    reach = _reach(op, a, b, transfer)
    keeps: dict[str, int] = {}
    content, axis = "", None
    whole = a if isinstance(left, Tensor) else b
    if isinstance(left, Number) or isinstance(right, Number):
        content, axis = _content(op, whole, left, right)
        other = right if whole is a else left
        enlarges = op == "*" or (op == "/" and whole is a)
        scales = enlarges and isinstance(other, Number) and other.range.lo >= 0 and other.range.hi > 0
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
    if op == NAMES["+"]:
        parts = [each for each in (a, b) if each.range != intervals.point(0.0)]
        return [term for each in parts for term in _terms(each, weight, depth + 1)]
    if op == NAMES["*"] and (a.range.is_point or b.range.is_point):
        scale, inner = (a, b) if a.range.is_point else (b, a)
        return _terms(inner, weight * scale.range.lo, depth + 1)
    if op == NAMES["/"] and b.range.is_point and b.range.lo:
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
    if x.origin is None or x.origin.op != NAMES["*"] or len(x.origin.inputs) != 2:
        return []
    a, b = x.origin.inputs
    return [(a, b), (b, a)] if isinstance(a, Tensor) and isinstance(b, Tensor) else []


def _complement(x: Tensor, of: Tensor) -> bool:
    """Whether ``x`` is 1 - ``of``."""
    if x.origin is None or x.origin.op != NAMES["-"] or len(x.origin.inputs) != 2:
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
    if x.content in _LIKELIHOODS and value is not None:
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
        if each.origin is not None:
            inputs = [item for item in each.origin.inputs if isinstance(item, Tensor)]
            live = union([item.live for item in inputs])
            if each.live is live or each.live <= live:
                pending += inputs
    return frozenset(numbers - {0})
