"""The tree that the analysis reads: small, frozen, and free of libcst.

Every node carries ``at``, its number in a fixed walk of its segment. Spans are not stored: `spans.py` repeats the walk
on demand and answers where node ``at`` of a segment lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from attrs import fields, frozen

SUITES = 20  # the nodes of suite N of a segment have the numbers from N << SUITES on


@frozen
class Tree:
    """Any node; ``at`` numbers it within its segment."""

    at: int


# Expressions ----------------------------------------------------------------------------------------------------------


@frozen
class Constant(Tree):
    """A literal: int, float, complex, str, bytes, bool, None or Ellipsis."""

    value: object


@frozen
class Format(Tree):
    """An f-string or t-string: literal text and expressions in order."""

    parts: tuple[str | Expression, ...]


@frozen
class Name(Tree):
    id: str


@frozen
class Attribute(Tree):
    value: Expression
    attr: str


@frozen
class Slice(Tree):
    lower: Expression | None
    upper: Expression | None
    step: Expression | None


@frozen
class Subscript(Tree):
    """``value[index]``; several indices arrive as one tuple `Display`, whose items may be `Slice`."""

    value: Expression
    index: Expression


@frozen
class Argument(Tree):
    """One argument of a call. ``star`` is "", "*" or "**"."""

    value: Expression
    keyword: str | None = None
    star: str = ""


@frozen
class Call(Tree):
    function: Expression
    arguments: tuple[Argument, ...]


@frozen
class Binary(Tree):
    """``op`` is the source's: + - * / // % ** @ & | ^ << >>."""

    op: str
    left: Expression
    right: Expression


@frozen
class Unary(Tree):
    """``op`` is - + ~ or not."""

    op: str
    operand: Expression


@frozen
class Compare(Tree):
    """A chain: ``left ops[0] others[0] ops[1] others[1] …``; ops like <, ==, in, not in, is, is not."""

    left: Expression
    ops: tuple[str, ...]
    others: tuple[Expression, ...]


@frozen
class Logical(Tree):
    """``and`` or ``or`` over two or more operands (nested chains of one operator are flattened)."""

    op: str
    values: tuple[Expression, ...]


@frozen
class Conditional(Tree):
    """``body if test else orelse``."""

    test: Expression
    body: Expression
    orelse: Expression


@frozen
class Starred(Tree):
    value: Expression


@frozen
class Display(Tree):
    """A list, tuple or set display; ``kind`` is one of those words."""

    kind: str
    items: tuple[Expression, ...]


@frozen
class DictDisplay(Tree):
    """Pairs of key and value; a key of None is ``**value``."""

    items: tuple[tuple[Expression | None, Expression], ...]


@frozen
class Clause(Tree):
    """``for target in iterable if conditions…`` of a comprehension."""

    target: Expression
    iterable: Expression
    conditions: tuple[Expression, ...]


@frozen
class Comprehension(Tree):
    """``kind`` is list, set, generator or dict; only dict has ``key``."""

    kind: str
    key: Expression | None
    element: Expression
    clauses: tuple[Clause, ...]


@frozen
class Parameter(Tree):
    """``kind`` is positional (before /), either, keyword (after *), sequence (*a) or mapping (**k)."""

    name: str
    kind: str
    default: Expression | None
    annotation: Expression | None


@frozen
class Lambda(Tree):
    parameters: tuple[Parameter, ...]
    body: Expression


@frozen
class Await(Tree):
    value: Expression


@frozen
class Yield(Tree):
    value: Expression | None
    delegates: bool


@frozen
class Walrus(Tree):
    target: Name
    value: Expression


Expression: TypeAlias = (
    Constant
    | Format
    | Name
    | Attribute
    | Slice
    | Subscript
    | Call
    | Binary
    | Unary
    | Compare
    | Logical
    | Conditional
    | Starred
    | Display
    | DictDisplay
    | Comprehension
    | Lambda
    | Await
    | Yield
    | Walrus
)


# Statements -----------------------------------------------------------------------------------------------------------


@frozen
class Evaluate(Tree):
    """An expression as a statement."""

    value: Expression


@frozen
class Assign(Tree):
    """``targets[0] = targets[1] = … = value``."""

    targets: tuple[Expression, ...]
    value: Expression


@frozen
class Annotate(Tree):
    """``target: annotation = value``; the value may be missing."""

    target: Expression
    annotation: Expression
    value: Expression | None


@frozen
class Augment(Tree):
    """``target op= value``; ``op`` without the equals sign."""

    target: Expression
    op: str
    value: Expression


@frozen
class Return(Tree):
    value: Expression | None


@frozen
class Raise(Tree):
    value: Expression | None


@frozen
class Assert(Tree):
    test: Expression
    message: Expression | None


@frozen
class Delete(Tree):
    targets: tuple[Expression, ...]


@frozen
class Pass(Tree):
    pass


@frozen
class Break(Tree):
    pass


@frozen
class Continue(Tree):
    pass


@frozen
class Scope(Tree):
    """``global`` or ``nonlocal`` names."""

    kind: str
    names: tuple[str, ...]


@frozen
class ImportedName(Tree):
    """``a.b as c``: name is "a.b", bound_as is "c" or None."""

    name: str
    bound_as: str | None


@frozen
class Import(Tree):
    names: tuple[ImportedName, ...]


@frozen
class ImportFrom(Tree):
    """``from ..module import names``; level counts the dots; an empty tuple of names is ``*``."""

    module: str
    level: int
    names: tuple[ImportedName, ...]


@frozen
class If(Tree):
    """``elif`` is an If in ``orelse``."""

    test: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


@frozen
class For(Tree):
    target: Expression
    iterable: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


@frozen
class While(Tree):
    test: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


@frozen
class Handler(Tree):
    """``except kind as name``; ``except*`` looks the same."""

    kind: Expression | None
    name: str | None
    body: tuple[Statement, ...]


@frozen
class Try(Tree):
    body: tuple[Statement, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Statement, ...]
    finally_body: tuple[Statement, ...]


@frozen
class WithItem(Tree):
    context: Expression
    target: Expression | None


@frozen
class With(Tree):
    items: tuple[WithItem, ...]
    body: tuple[Statement, ...]


class Suite:
    """The statements of a function, read when somebody asks for them; ``generator`` tells of a yield of its own.

    ``number`` is 0 for a function within another one, else it counts the functions of the segment. What is ``read``
    later is known by its ``text`` so far.
    """

    __slots__ = ("_held", "_read", "number", "text")

    def __init__(self, number: int, text: bytes, read: Callable[[], tuple[tuple[Statement, ...], bool]]) -> None:
        self.number, self.text = number, text
        self._read, self._held = read, None

    @classmethod
    def of(cls, number: int, statements: tuple[Statement, ...], generator: bool) -> Suite:
        """A suite that is read already."""
        suite = cls(number, b"", lambda: (statements, generator))
        suite._held = statements, generator
        return suite

    _held: tuple[tuple[Statement, ...], bool] | None

    @property
    def is_read(self) -> bool:
        return self._held is not None

    @property
    def statements(self) -> tuple[Statement, ...]:
        return self._all()[0]

    @property
    def generator(self) -> bool:
        return (self.is_read or b"yield" in self.text) and self._all()[1]

    def _all(self) -> tuple[tuple[Statement, ...], bool]:
        if self._held is None:
            self._held = self._read()
        return self._held

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Suite):
            return NotImplemented
        if self.text and self.text == other.text:
            return self.number == other.number
        return self is other or self._all() == other._all()

    def __hash__(self) -> int:
        return hash(self.number)

    def __repr__(self) -> str:
        return repr(self.statements)


@frozen
class FunctionDef(Tree):
    name: str
    parameters: tuple[Parameter, ...]
    suite: Suite
    decorators: tuple[Expression, ...]

    @property
    def body(self) -> tuple[Statement, ...]:
        return self.suite.statements

    @property
    def generator(self) -> bool:
        """Whether it has a yield of its own."""
        return self.suite.generator


@frozen
class ClassDef(Tree):
    """``arguments`` are the bases and keywords of the class statement."""

    name: str
    arguments: tuple[Argument, ...]
    body: tuple[Statement, ...]
    decorators: tuple[Expression, ...]


@frozen
class Case(Tree):
    """One ``case``; its pattern is the expression that it compares with, or None where it does more."""

    pattern: Expression | None
    guard: Expression | None
    names: tuple[str, ...]  # what the pattern binds
    body: tuple[Statement, ...]


@frozen
class Match(Tree):
    subject: Expression
    cases: tuple[Case, ...]


@frozen
class Unread(Tree):
    """Something that could not be parsed or has no meaning here: the names that it binds are unknown."""

    names: tuple[str, ...]
    why: str


Statement: TypeAlias = (
    Evaluate
    | Assign
    | Annotate
    | Augment
    | Return
    | Raise
    | Assert
    | Delete
    | Pass
    | Break
    | Continue
    | Scope
    | Import
    | ImportFrom
    | If
    | For
    | While
    | Try
    | With
    | FunctionDef
    | ClassDef
    | Match
    | Unread
)


def children(node: Tree) -> Iterator[Tree]:
    """The nodes right below one, field by field."""
    for name in parts(type(node)):
        value = getattr(node, name)
        pending = [value.statements if isinstance(value, Suite) else value]
        while pending:
            each = pending.pop()
            if isinstance(each, Tree):
                yield each
            elif isinstance(each, tuple):
                pending.extend(reversed(each))


def chain(statements: tuple[Statement, ...], at: int) -> tuple[Tree, ...]:
    """The node numbered ``at`` and all around it, the outermost first; empty if there is none."""
    pending: list[tuple[Tree, tuple[Tree, ...]]] = [(each, ()) for each in statements]
    while pending:
        node, above = pending.pop()
        here = (*above, node)
        if node.at == at:
            return here
        if isinstance(node, FunctionDef) and node.suite.number not in (0, at >> SUITES):
            pending.extend((each, here) for each in (*node.decorators, *node.parameters))
        else:
            pending.extend((each, here) for each in children(node))
    return ()


def parts(kind: type[Tree]) -> tuple[str, ...]:
    """The names of the fields of a kind of node."""
    known = _PARTS.get(kind)
    if known is None:
        known = _PARTS[kind] = tuple(field.name for field in fields(kind))
    return known


_PARTS: dict[type[Tree], tuple[str, ...]] = {}
