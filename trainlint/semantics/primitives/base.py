"""What mathematical operations do to a tensor: its range and reach, its content, its gradient, its history.

Each primitive is a function of a `Use`: the bound arguments of one call. Library names map to primitives in the
knowledge files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import define, field

from trainlint.semantics.facts import Normalised
from trainlint.semantics.heap import FROZEN
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import ANY, UNIT, Interval
from trainlint.semantics.shapes import Shape
from trainlint.semantics.values import (
    Fact,
    Flag,
    Node,
    Number,
    Object,
    ObjectId,
    Place,
    Scale,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

PROBABILITIES = frozenset({"probabilities", "binary"})
LOG_PROBABILITIES = frozenset({"log-probabilities", "log-binary"})
NOBODYS = "number"  # the library of numbers and of what was not followed
NOBODY: frozenset[ObjectId] = frozenset()
MIXTURE = Fact("mixture", 0)
_MIXTURES = frozenset({MIXTURE})
UNTRACKED = "untracked"  # stands for a value that was not followed
KEEP_ALL = {"range": 0, "reach": 0, "content": 0, "live": 0, "why": 0, "data": 0}


SLIGHT = 0.01  # what is added to a divisor so that it is not zero, at most
ITEM = "item"  # the operation that makes a number of a tensor with one element
EXPONENTIAL = "exp-of"  # exp of the value with this number, perhaps times something, or only parts of it
EXPONENTIALS = "sum of exp-of"  # and such a thing summed up
INVERSE = "inverse of a sum"
INVERSES = "inverse of a sum of exp-of"
_SCALING = frozenset({"product", "quotient", "same", "layout", "index", "one", "return", "convert", "parameter"})
_NEAR = 8
_ASIDE = frozenset({Unknown, Sequence, Object})
_DIVISORS = frozenset({"sum", EXPONENTIALS, "std", "var", "norm"})
_INVERTED = {"sum": INVERSE, EXPONENTIALS: INVERSES}


def lifted(x: Tensor) -> frozenset[Fact]:
    """What a slight shift away from zero leaves of the facts of a divisor: it still is that statistic."""
    return frozenset(fact for fact in x.facts if fact.kind in _DIVISORS)


def is_noise(x: Tensor) -> bool:
    """Whether any number was drawn at random for each element, and at most scaled since."""
    steps = 0
    while x.reach == ANY and x.origin is not None and steps < _NEAR:
        if x.origin.op == "random":
            return True
        before = [each for each in x.origin.inputs if isinstance(each, Tensor) and each.reach == ANY]
        if x.origin.op not in _SCALING or len(before) != 1:
            return False
        x, steps = before[0], steps + 1
    return False


def inverted(x: Tensor) -> frozenset[Fact]:
    """The facts of 1 / x."""
    return frozenset(evolve(fact, kind=_INVERTED[fact.kind]) for fact in x.facts if fact.kind in _INVERTED)


def sum_of(x: Tensor, axes: tuple[int, ...] | None = None) -> frozenset[Fact]:
    """The facts of a sum over these axes of ``x``."""
    inner = (Fact(EXPONENTIALS, fact.of, axes) for fact in x.facts if fact.kind == EXPONENTIAL)
    return frozenset({Fact("sum", x.number, axes), *inner})


def exponentials(*values: Tensor) -> frozenset[Fact]:
    """Of which values the exponential is a factor of one of these."""
    return frozenset(fact for value in values for fact in value.facts if fact.kind == EXPONENTIAL)


def shares_exponential(x: Tensor, total: Tensor, kind: str) -> bool:
    """Whether the same exponential is a factor of ``x`` and a summand of ``total``."""
    summed = {fact.of for fact in total.facts if fact.kind == kind}
    return any(fact.of in summed and fact.of for fact in x.facts if fact.kind == EXPONENTIAL)


Primitive = Callable[["Use"], Value]
PRIMITIVES: dict[str, Primitive] = {}
BENDING: set[str] = set()  # those that make a network more than one linear map


def primitive(name: str, *, bends: bool = False) -> Callable[[Primitive], Primitive]:
    """Register a function as what the knowledge files call ``op: name``; ``bends`` says that it is not linear."""

    def register(function: Primitive) -> Primitive:
        PRIMITIVES[name] = function
        if bends:
            BENDING.add(name)
        return function

    return register


@define
class Use:
    """One use of a primitive: its arguments by parameter name, and where it stands."""

    machine: Machine
    label: str
    bound: dict[str, Value]
    place: Place | None
    set: Mapping[str, Any] = field(factory=dict)
    roles: Mapping[str, str] = field(factory=dict)
    owner: ObjectId | None = None
    first: str = "input"
    op: str = ""
    name: str = ""  # the same for all synonyms, where the label is as it is written

    def get(self, role: str) -> Value | None:
        return self.bound.get(self.roles.get(role, role))

    def constant(self, role: str) -> float | int | None:
        """A setting as a plain number: fixed by the knowledge, or what the argument is known to be."""
        if role in self.set:
            value = self.set[role]
            return value if isinstance(value, int | float) else None
        value = self.get(role)
        return value.value if isinstance(value, Number) else None

    def axis(self) -> int | None:
        value = self.constant("axis")
        return int(value) if value is not None else None

    def axes(self) -> tuple[int, ...] | None:
        """The axes over which a reduction goes, one or several; None for all, and where it is not known."""
        axis = self.axis()
        if axis is not None:
            return (axis,)
        value = self.get("axis")
        if isinstance(value, Sequence) and value.exact:
            known = [each.exact for each in value.head if isinstance(each, Number) and isinstance(each.exact, int)]
            return tuple(known) if known and len(known) == len(value.head) else None
        return None

    def settings(self) -> tuple[object, ...] | None:
        """What else the arguments say beside the tensors, so that equal calls give equal numbers; None if not known."""
        found: list[tuple[str, object]] = []
        for name, value in self.bound.items():
            if isinstance(value, Number):
                found.append((name, value.exact))
            elif isinstance(value, Text | Flag):
                found.append((name, value.text if isinstance(value, Text) else value.truth))
            elif isinstance(value, Unknown):
                return None
        return None if any(known is None for _, known in found) else tuple(found)

    @property
    def x(self) -> Tensor:
        return tensor(self.machine, self.bound.get(self.first))

    def tensors(self) -> list[Tensor]:
        """Every tensor among the arguments."""
        return [value for value in self.bound.values() if isinstance(value, Tensor)]


def tensor(machine: Machine, value: Value | None) -> Tensor:
    """``value`` as a tensor; of what was not followed nothing is known but its history."""
    if isinstance(value, Tensor):
        return value
    if isinstance(value, Number):
        reach = value.range if value.exact is not None else None
        whole = value.origin.inputs[0] if value.origin is not None and value.origin.op == ITEM else None
        facts = whole.facts if isinstance(whole, Tensor) else frozenset()
        return Tensor(range=value.range, reach=reach, origin=value.origin, facts=facts, library=NOBODYS)
    if isinstance(value, Object) or (isinstance(value, Sequence) and value.kind in ("tuple", "list")):
        return _gathered(machine, value)
    node = None if value is None or value.origin is None else Node(UNTRACKED, None, (value,), {"why": 0})
    return Tensor(number=machine.fresh(), origin=node, library=NOBODYS)


def _gathered(machine: Machine, value: Object | Sequence) -> Tensor:
    """The numbers and tensors of a list as one tensor, as functions of arrays take them."""
    made = PRIMITIVES["convert"](Use(machine, "array", {"input": value}, None, set={"live": True}, op="convert"))
    if isinstance(made, Tensor):
        return made
    return Tensor(number=machine.fresh(), origin=Node(UNTRACKED, None, (value,), {"why": 0}), library=NOBODYS)


def make(
    use: Use,
    *inputs: Tensor,
    range: Interval = ANY,
    reach: Interval | None = None,
    content: str = "",
    axis: int | None = None,
    shape: Shape | None = None,
    keeps: tuple[str, ...] = (),
    key: object = None,
    facts: frozenset[Fact] = frozenset(),
    dtype: str | None = None,
    scale: Scale | None = None,
) -> Tensor:
    """A new tensor from ``inputs``: gradients combined, history noted; ``keeps`` names what the first input decided."""
    machine = use.machine
    live = union([each.live for each in inputs])
    cut = union([each.cut for each in inputs])
    cut = cut - live if cut else cut
    if use.owner is not None:
        if _is_frozen(machine, use.owner):
            cut |= {use.owner} - live
        else:
            live, cut = live | {use.owner}, cut - {use.owner}
    if not machine.now.gradient:
        live, cut = NOBODY, union((live, cut))
    if use.owner is None:
        facts = facts.union(*[each.facts & _MIXTURES for each in inputs if each.facts])
    parts = [each.number or (each.range.lo if each.range.is_point else None) for each in inputs]
    known = bool(parts) and key is not None and None not in parts
    number = machine.number(use.name or use.label, key, *parts) if known else machine.fresh()
    aside = tuple([each for each in use.bound.values() if type(each) in _ASIDE])
    node = Node(use.op or use.label, use.place, inputs, dict.fromkeys(keeps, 0), use.label, aside)
    return Tensor(
        range=range,
        reach=reach,
        content=content,
        axis=axis,
        shape=shape,
        number=number,
        facts=facts,
        live=live,
        cut=cut,
        buffer=machine.fresh(),
        origin=node,
        dtype=dtype,
        scale=scale,
        library=library_of(machine, inputs),
    )


def union(several: Iterable[frozenset[ObjectId]]) -> frozenset[ObjectId]:
    """All owners in any of these: the very set that holds all others, if one does."""
    whole = NOBODY
    for each in several:
        if each is whole or not each:
            continue
        if whole <= each:
            whole = each
        elif not each <= whole:
            whole = whole | each
    return whole


def _is_frozen(machine: Machine, owner: ObjectId) -> bool:
    held = machine.heap.get(owner, FROZEN)
    return isinstance(held, Flag) and held.truth is True


def library_of(machine: Machine, inputs: tuple[Tensor, ...]) -> str:
    """Whose tensor comes of several: those that carry a gradient go before plain arrays, numbers are nobody's."""
    libraries = [each.library for each in inputs if each.library != NOBODYS]
    if not any(libraries):
        return ""
    followed = [each for each in libraries if not machine.knowledge.is_plain(each)]
    return next(iter((*followed, *libraries)), "")


def normalised(use: Use, x: Tensor, total: Tensor, fact: Fact) -> Tensor:
    """What is not negative over its own sum: probabilities. That it was done by hand is noted."""
    axis = fact.axes[0] if fact.axes else None
    result = make(use, x, total, range=UNIT, content="probabilities", axis=axis, shape=x.shape, key="normalised")
    note_normalised(use, result, x)
    return result


def note_normalised(use: Use, result: Value, x: Value) -> None:
    """Note that ``x`` was divided by its own sum."""
    machine = use.machine
    if use.place is not None:
        now = machine.now
        where = (use.place, machine.activation.site, now.conditions, machine.assumed, now.exceptional)
        machine.facts.normalised.append(Normalised(result, x, *where))
