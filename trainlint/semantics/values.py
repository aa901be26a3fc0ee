"""Abstract values: what the interpreter knows of everything that a program computes.

Values are immutable. Whatever can be changed in place (objects, lists, dictionaries, frames, tensor buffers) is an
`Object` or a buffer number here, and lives in the heap.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from collections.abc import Mapping as Map
from typing import TYPE_CHECKING

from attrs import field

from trainlint.semantics import intervals
from trainlint.semantics.immutable import evolve, frozen
from trainlint.semantics.intervals import Interval
from trainlint.semantics.shapes import Shape

if TYPE_CHECKING:
    from trainlint.syntax import tree

USER = frozenset({"user"})
OUTSIDE = frozenset({"user", "file"})  # whatever is made of what comes from outside comes from outside
PROCESSES = "processes"  # of what depends on how many processes run
NO_TAINT: frozenset[str] = frozenset()
_NO_CARRIER: Map[str, int] = {}


@frozen
class Place:
    """A node of the source: ``at`` within segment number ``segment`` of the file ``path``."""

    path: str
    segment: int
    at: int


_CLOCK = itertools.count(1).__next__
CONTEXT = "context"  # the kind of a sequence that stands for a generator with a block in its middle
CALL = -1  # in place of the number of a turn
SPELLED = -2  # the first number, counted down, of the turns of a loop that only spells out what is done one by one


@frozen(eq=False)
class Site:
    """Where execution stands: the chain of calls and loop turns that led here. Sites are interned by the machine."""

    parent: Site | None
    place: Place | None
    turn: int
    depth: int

    @property
    def is_turn(self) -> bool:
        """Whether this link is the turn of a loop."""
        return self.turn != CALL

    @property
    def is_spelled(self) -> bool:
        """Whether it is a turn of a loop over a few things that do something, each another one."""
        return self.turn <= SPELLED

    def links(self) -> Iterator[Site]:
        """This link and those that led to it, the innermost first."""
        at: Site | None = self
        while at is not None:
            yield at
            at = at.parent

    def turns(self) -> tuple[Site, ...]:
        """The turns of loops around it, the outermost first."""
        return tuple(each for each in self.links() if each.is_turn)[::-1]


@frozen(eq=False)
class Node:
    """One operation in the history of a value.

    ``carrier`` names, per property, the input that decided it; a property that is missing was decided by the operation
    itself, so following carriers leads to the step that made the value what it is. ``born`` tells earlier nodes from
    later ones. ``aside`` is what else the operation was given that may hold tensors which were not followed.
    """

    op: str
    place: Place | None
    inputs: tuple[Value, ...] = ()
    carrier: Map[str, int] = _NO_CARRIER
    label: str = ""  # how a message names the step: "nn.ReLU", "returned from forward"
    aside: tuple[Value, ...] = ()
    born: int = field(factory=_CLOCK, init=False, repr=False)


@frozen(cache_hash=True)
class Condition:
    """What a path assumes: the test on ``subject`` came out as ``holds``. ``shipped`` is what the defaults give."""

    subject: Node
    test: str
    operand: object
    holds: bool
    shipped: bool | None = None
    label: str = ""

    def opposes(self, other: Condition) -> bool:
        """Whether both cannot hold at once."""
        if self.subject is not other.subject:
            return False
        if self.test == other.test and self.operand == other.operand:
            return self.holds != other.holds
        return self.test == other.test == "==" and self.holds and other.holds

    @property
    def off_default(self) -> bool:
        return self.shipped is not None and self.shipped != self.holds

    @property
    def opposite(self) -> Condition:
        """That the test came out the other way."""
        return Condition(self.subject, self.test, self.operand, not self.holds, self.shipped, self.label)


@frozen(kw_only=True)
class _Value:
    origin: Node | None = field(default=None, eq=False)
    taint: frozenset[str] = NO_TAINT


@frozen
class Unknown(_Value):
    """Something that was not followed, and why."""

    why: str = ""


@frozen
class Size:
    """A length that depends on one unknown: ``symbol + offset``."""

    symbol: Node = field()
    offset: int = 0


@frozen
class Number(_Value):
    """A Python number. ``shipped`` is the value that the defaults give, where the user can set another one."""

    range: Interval
    shipped: float | int | None = None
    integer: bool = False
    size: Size | None = None  # it is this length
    below: Size | None = None  # it is an index below this length
    exact: int | float | complex | None = None

    @property
    def value(self) -> float | int | None:
        """The number itself where it is known, else what ships."""
        if self.exact is not None and not isinstance(self.exact, complex):
            return self.exact
        return self.shipped


@frozen
class Text(_Value):
    """A string; ``text`` is None where its characters are not known."""

    text: str | None
    shipped: str | None = None

    @property
    def value(self) -> str | None:
        return self.text if self.text is not None else self.shipped


@frozen
class Flag(_Value):
    """A truth value; ``test`` remembers what was asked where the answer is open."""

    truth: bool | None
    shipped: bool | None = None
    test: Condition | None = None


@frozen
class Nothing(_Value):
    """None, and an attribute that is not set."""


@frozen
class Bytes(_Value):
    data: bytes


@frozen
class Sequence(_Value):
    """The items of a list or tuple: exact ends, and between them any number of ``middle``.

    ``symbol`` stands for that number, so that lengths of one sequence can be compared. ``turns`` are the items that
    the first turns of a loop over the middle see; a sequence that is ``endless`` has at least two. ``count`` is how
    many items a range that is not spelled out has by default.
    """

    head: tuple[Value, ...] = ()
    middle: Value | None = None
    tail: tuple[Value, ...] = ()
    kind: str = "tuple"
    symbol: Node | None = field(default=None, eq=False)
    turns: tuple[Value, ...] = field(default=(), eq=False)
    endless: bool = field(default=False, eq=False)
    count: Value | None = field(default=None, eq=False)  # of a range: how many there are

    @property
    def exact(self) -> bool:
        return self.middle is None

    @property
    def known(self) -> tuple[Value, ...]:
        return self.head + ((self.middle,) if self.middle is not None else ()) + self.tail


@frozen
class Mapping(_Value):
    """Pairs in order of insertion; ``rest`` stands for entries whose keys are unknown."""

    items: tuple[tuple[Value, Value], ...] = ()
    rest: Value | None = None
    _plain: dict[Value, int] | None = field(default=None, init=False, eq=False, repr=False)

    def position(self, key: Value) -> int | None:
        """Where the pair with a key stands."""
        if isinstance(key, Text | Number):
            return self._positions().get(key)
        return next((index for index, (each, _) in enumerate(self.items) if each == key), None)

    def with_pair(self, key: Value, value: Value) -> Mapping:
        """The mapping after assignment of an item: a known key keeps its position."""
        at, positions = self.position(key), self._positions()
        if len(positions) < len(self.items):
            return evolve(self, items=tuple({**dict(self.items), key: value}.items()))
        if at is not None:
            items = (*self.items[:at], (self.items[at][0], value), *self.items[at + 1 :])
        else:
            items = (*self.items, (key, value))
            positions = {**positions, key: len(self.items)} if isinstance(key, Text | Number) else positions
        changed = evolve(self, items=items)
        object.__setattr__(changed, "_plain", positions)
        return changed

    def _positions(self) -> dict[Value, int]:
        """Where the first pair with each text or number as its key stands."""
        known = self._plain
        if known is None:
            known = {}
            for index, (key, _) in enumerate(self.items):
                if isinstance(key, Text | Number):
                    known.setdefault(key, index)
            object.__setattr__(self, "_plain", known)
        return known


@frozen(eq=False)
class ObjectId:
    """Identity of an allocation: where, and on which path of calls and turns. Interned by the machine."""

    place: Place | None
    site: Site
    serial: int = 0


@frozen
class Object(_Value):
    """Anything mutable or with attributes of its own; these live in the heap."""

    id: ObjectId
    cls: Value


@frozen
class Function(_Value):
    """A def or lambda with the frame it closes over and its evaluated defaults."""

    name: str
    source: tree.FunctionDef | tree.Lambda
    place: Place
    frame: ObjectId
    module: str
    defaults: tuple[tuple[str, Value], ...] = ()
    owner: ObjectId | None = None  # the namespace of the class whose body defines it
    marks: frozenset[str] = frozenset()  # property, staticmethod, classmethod, contextmanager…


@frozen
class Class(_Value):
    """A class of the project or of a stub; its attributes live in the heap under ``id``."""

    id: ObjectId
    name: str
    mro: tuple[Value, ...] = field(eq=False)  # the class itself first
    place: Place
    marks: frozenset[str] = frozenset()
    library: str | None = None  # the public name that a stub stands for


@frozen
class Library(_Value):
    """Anything of a library by its qualified name: module, class, function, constant.

    ``written`` is the synonym under which the program has it, for messages.
    """

    name: str
    written: str = field(default="", eq=False)


@frozen
class Module(_Value):
    """A module of the project, by the path of its file; a package without ``__init__`` has only a folder."""

    path: str
    namespace: ObjectId | None = None


@frozen
class Bound(_Value):
    """A function with its first argument: a method of an object, or of a value."""

    function: Value
    receiver: Value


@frozen
class Partial(_Value):
    """functools.partial: a callable with some arguments given; one that is ``bound`` is a method."""

    function: Value
    positional: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    bound: bool = False


@frozen
class Super(_Value):
    """super(): attributes of ``receiver`` after the class with namespace ``after`` in the method resolution order."""

    receiver: Value
    after: ObjectId


@frozen
class Parameters(_Value):
    """The trainable parameters of some networks; ``complete`` is False after a filter that was not decided.

    ``each`` stands for all of them, one after the other, in a loop; ``lazy`` is an iterator that can be used only once.
    ``named`` ones are pairs of a name and a parameter; ``part`` says which of the parameters of a layer it is.
    """

    owners: frozenset[ObjectId]
    complete: bool = True
    each: bool = False
    lazy: bool = False
    named: bool = False
    part: str = ""


@frozen
class Fact:
    """Something proven of one tensor: ``kind`` of the value numbered ``of`` over ``axes``."""

    kind: str
    of: int
    axes: tuple[int, ...] | None = None


@frozen
class Scale:
    """What the features of data are known to fill, one interval for each; a single one if all features are alike.

    ``raw`` data is as its source gave it. ``loose`` features stand in another order than the columns, or there are
    more columns than these.
    """

    features: tuple[Interval, ...]
    raw: bool = False
    loose: bool = False


@frozen
class Column:
    """One column of a table, under its name; what it fills is None where it is not known."""

    name: str | int
    fills: Interval | None = None
    raw: bool = False
    content: str = ""
    dtype: str | None = None
    origin: Node | None = field(default=None, eq=False)


@frozen
class Tensor(_Value):
    """A tensor or array.

    ``range`` contains every element; ``reach`` is known to be filled from end to end (None: nothing is known).
    ``live`` are the layers that a gradient of it reaches, ``cut`` those that it does not reach any more.
    ``scale`` is that of known data; ``columns`` are those of a table whose columns are known by name.
    """

    range: Interval = intervals.ANY
    reach: Interval | None = None
    content: str = ""
    axis: int | None = None
    shape: Shape | None = None
    dtype: str | None = None
    number: int = 0
    facts: frozenset[Fact] = frozenset()
    live: frozenset[ObjectId] = frozenset()
    cut: frozenset[ObjectId] = frozenset()
    buffer: int = 0
    base: int = 0  # the buffer that this is a part of
    scale: Scale | None = None
    library: str = ""  # the class whose methods it has, where that is not torch.Tensor
    columns: tuple[Column, ...] | None = None


@frozen(cache_hash=True)
class Choice(_Value):
    """Two to six alternatives, each under the conditions that lead to it; the shipped one first."""

    options: tuple[tuple[tuple[Condition, ...], Value], ...]


Value = (
    Unknown
    | Number
    | Text
    | Flag
    | Nothing
    | Bytes
    | Sequence
    | Mapping
    | Object
    | Function
    | Class
    | Library
    | Module
    | Bound
    | Partial
    | Super
    | Parameters
    | Tensor
    | Choice
)

Path = tuple[Condition, ...]
Option = tuple[Path, Value]
MOST_OPTIONS = 6
STORED = "stored"  # the operation that reads data of unknown form
COMPUTED = "computed"  # that of a function of which only that is known, and that it does nothing else
SAME = frozenset({"return", "float", "rate", "given"})  # operations that hand on the very number they were given


def identity(origin: Node) -> Node:
    """The operation that made a value, past those that only handed it on: equal for all aliases of one number."""
    while origin.op in SAME and origin.inputs:
        before = origin.inputs[0].origin
        if before is None:
            break
        origin = before
    return origin


def number(value: float | int, origin: Node | None = None) -> Number:
    """A known Python number."""
    try:
        as_float = float(value)
    except OverflowError:
        as_float = intervals.INFINITY if value > 0 else -intervals.INFINITY
    return Number(
        intervals.point(as_float) if abs(as_float) != intervals.INFINITY else _beyond(as_float),
        integer=isinstance(value, int),
        exact=value,
        origin=origin,
    )


def _beyond(value: float) -> Interval:
    largest = 1.7976931348623157e308
    return Interval(largest, value) if value > 0 else Interval(value, -largest)


def with_origin(value: Value, origin: Node | None) -> Value:
    return evolve(value, origin=origin)


def options(value: Value) -> tuple[tuple[tuple[Condition, ...], Value], ...]:
    """The alternatives of a value: of a `Choice` its options, else the value itself under no condition."""
    return value.options if isinstance(value, Choice) else (((), value),)


def leaves_defaults(path: Path) -> bool:
    """Whether one of the conditions does not hold by default."""
    for condition in path:
        shipped = condition.shipped
        if shipped is not None and shipped != condition.holds:
            return True
    return False


def known_number(value: Value) -> float | None:
    """A number as it is known, or as it ships; None for anything else."""
    return float(value.value) if isinstance(value, Number) and value.value is not None else None
