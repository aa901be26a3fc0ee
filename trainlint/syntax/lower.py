"""From libcst's tree to ours: one walk, in a fixed order, so that it can be repeated to find where a node lies."""

from __future__ import annotations

import ast
import functools
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import libcst as cst

from trainlint.syntax import tree

Read: TypeAlias = tuple[tuple[tree.Statement, ...], bool]  # statements, and whether one of them is a yield
Body: TypeAlias = tuple[bytes, Callable[[int, int], Read]]  # its text; what reads it, as suite N with numbers from M
_BINARY = {
    cst.Add: "+", cst.Subtract: "-", cst.Multiply: "*", cst.Divide: "/", cst.FloorDivide: "//", cst.Modulo: "%",
    cst.Power: "**", cst.MatrixMultiply: "@", cst.BitAnd: "&", cst.BitOr: "|", cst.BitXor: "^", cst.LeftShift: "<<",
    cst.RightShift: ">>",
}  # fmt: skip
_AUGMENTED = {
    cst.AddAssign: "+", cst.SubtractAssign: "-", cst.MultiplyAssign: "*", cst.DivideAssign: "/",
    cst.FloorDivideAssign: "//", cst.ModuloAssign: "%", cst.PowerAssign: "**", cst.MatrixMultiplyAssign: "@",
    cst.BitAndAssign: "&", cst.BitOrAssign: "|", cst.BitXorAssign: "^", cst.LeftShiftAssign: "<<",
    cst.RightShiftAssign: ">>",
}  # fmt: skip
_COMPARED = {
    cst.LessThan: "<", cst.GreaterThan: ">", cst.LessThanEqual: "<=", cst.GreaterThanEqual: ">=", cst.Equal: "==",
    cst.NotEqual: "!=", cst.In: "in", cst.NotIn: "not in", cst.Is: "is", cst.IsNot: "is not",
}  # fmt: skip
_UNARY = {cst.Minus: "-", cst.Plus: "+", cst.BitInvert: "~", cst.Not: "not"}
_NAMED: dict[str, object] = {"None": None, "True": True, "False": False}


class Lowering:
    """One walk over one segment. With ``recorded`` the libcst node behind every number is kept.

    ``bodies`` are read later, under the names that stand for them in the tree.
    """

    def __init__(
        self, recorded: dict[int, cst.CSTNode] | None = None, bodies: Mapping[str, Body] | None = None, first: int = 0
    ) -> None:
        self.count = first
        self.recorded = recorded
        self.yields = False
        self.bodies = bodies or {}
        self.suites = 0
        self.depth = 1 if first else 0  # functions and classes of functions around what is read

    def at(self, node: cst.CSTNode) -> int:
        """The next number of the walk, for the node that ``node`` becomes."""
        number = self.count
        self.count += 1
        if self.recorded is not None:
            self.recorded[number] = node
        return number

    def module(self, module: cst.Module) -> tuple[tree.Statement, ...]:
        return self.block(module.body)

    # Statements -------------------------------------------------------------------------------------------------------

    def block(self, statements: Sequence[cst.CSTNode]) -> tuple[tree.Statement, ...]:
        lowered: list[tree.Statement] = []
        for statement in statements:
            if isinstance(statement, cst.SimpleStatementLine):
                lowered.extend(self.statement(small) for small in statement.body)
            else:
                lowered.append(self.statement(statement))
        return tuple(lowered)

    def suite(self, body: cst.BaseSuite) -> tuple[tree.Statement, ...]:
        if isinstance(body, cst.SimpleStatementSuite):
            return tuple(self.statement(small) for small in body.body)
        return self.block(body.body)

    def statement(self, node: cst.CSTNode) -> tree.Statement:
        handler = _STATEMENTS.get(type(node))
        if handler is None:
            return tree.Unread(self.at(node), (), f"{type(node).__name__} is not read")
        result: tree.Statement = handler(self, node)
        return result

    def chain(self, node: cst.If) -> tree.If:
        """An ``if`` with all its ``elif``, without recursion along the chain."""
        parts: list[tuple[int, tree.Expression, tuple[tree.Statement, ...]]] = []
        orelse: tuple[tree.Statement, ...] = ()
        each: cst.If | cst.Else | None = node
        while isinstance(each, cst.If):
            parts.append((self.at(each), self.expression(each.test), self.suite(each.body)))
            each = each.orelse
        if each is not None:
            orelse = self.suite(each.body)
        for number, test, body in reversed(parts):
            orelse = (tree.If(number, test, body, orelse),)
        first = orelse[0]
        assert isinstance(first, tree.If)
        return first

    def orelse(self, node: cst.Else | None) -> tuple[tree.Statement, ...]:
        return () if node is None else self.suite(node.body)

    def function(self, node: cst.FunctionDef) -> tree.FunctionDef:
        number = self.at(node.name)
        decorators = tuple(self.expression(each.decorator) for each in node.decorators)
        parameters = self.parameters(node.params)
        return tree.FunctionDef(number, node.name.value, parameters, self.body(node.body), decorators)

    def body(self, node: cst.BaseSuite) -> tree.Suite:
        """The body of a function; those that are in no other function have numbers of their own."""
        if self.depth:
            return tree.Suite.of(0, *self.read(node))
        self.suites += 1
        number, first = self.suites, self.suites << tree.SUITES
        later = self.bodies.get(_only_name(node))
        if later is not None:
            text, read = later
            return tree.Suite(number, text, functools.partial(read, number, first))
        outer, self.count = self.count, first
        self.depth += 1
        suite = tree.Suite.of(number, *self.read(node))
        self.depth -= 1
        self.count = outer
        return suite

    def read(self, node: cst.BaseSuite) -> tuple[tuple[tree.Statement, ...], bool]:
        """The statements of a function, and whether one of them is a yield."""
        outer, self.yields = self.yields, False
        statements = self.suite(node)
        yields, self.yields = self.yields, outer
        return statements, yields

    def class_(self, node: cst.ClassDef) -> tree.ClassDef:
        number = self.at(node.name)
        decorators = tuple(self.expression(each.decorator) for each in node.decorators)
        arguments = tuple(self.argument(each) for each in (*node.bases, *node.keywords))
        return tree.ClassDef(number, node.name.value, arguments, self.suite(node.body), decorators)

    def parameters(self, node: cst.Parameters) -> tuple[tree.Parameter, ...]:
        lowered = [self.parameter(each, "positional") for each in node.posonly_params]
        lowered += [self.parameter(each, "either") for each in node.params]
        if isinstance(node.star_arg, cst.Param):
            lowered.append(self.parameter(node.star_arg, "sequence"))
        lowered += [self.parameter(each, "keyword") for each in node.kwonly_params]
        if node.star_kwarg is not None:
            lowered.append(self.parameter(node.star_kwarg, "mapping"))
        return tuple(lowered)

    def parameter(self, node: cst.Param, kind: str) -> tree.Parameter:
        number = self.at(node.name)
        default = None if node.default is None else self.expression(node.default)
        annotation = None if node.annotation is None else self.expression(node.annotation.annotation)
        return tree.Parameter(number, node.name.value, kind, default, annotation)

    def handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> tree.Handler:
        number = self.at(node)
        kind = None if node.type is None else self.expression(node.type)
        name = node.name.name.value if node.name is not None and isinstance(node.name.name, cst.Name) else None
        return tree.Handler(number, kind, name, self.suite(node.body))

    def imported(self, node: cst.ImportAlias) -> tree.ImportedName:
        bound = None
        if node.asname is not None and isinstance(node.asname.name, cst.Name):
            bound = node.asname.name.value
        return tree.ImportedName(self.at(node), dotted(node.name), bound)

    def case(self, node: cst.MatchCase) -> tree.Case:
        number = self.at(node)
        names: list[str] = []
        pattern = self.pattern(node.pattern, names)
        guard = None if node.guard is None else self.expression(node.guard)
        return tree.Case(number, pattern, guard, tuple(names), self.suite(node.body))

    def pattern(self, node: cst.MatchPattern, names: list[str]) -> tree.Expression | None:
        """The expression that a pattern compares with, or None where it does more; captured names are added."""
        if isinstance(node, cst.MatchValue):
            return self.expression(node.value)
        if isinstance(node, cst.MatchSingleton):
            return self.expression(node.value)
        if isinstance(node, cst.MatchAs) and node.pattern is None:
            if node.name is None:
                return tree.Name(self.at(node), "_")
            names.append(node.name.value)
            return self.expression(node.name)
        _captured(node, names)
        return None

    # Expressions ------------------------------------------------------------------------------------------------------

    def expression(self, node: cst.CSTNode) -> tree.Expression:
        handler = _EXPRESSIONS.get(type(node))
        if handler is None:
            return tree.Constant(self.at(node), ...)
        result: tree.Expression = handler(self, node)
        return result

    def argument(self, node: cst.Arg) -> tree.Argument:
        number = self.at(node)
        keyword = None if node.keyword is None else node.keyword.value
        return tree.Argument(number, self.expression(node.value), keyword, node.star)

    def postfix(self, node: cst.CSTNode) -> tree.Expression:
        """Calls, attributes and subscripts, without recursion along the chain ``a.b().c[0]``."""
        chain: list[cst.CSTNode] = []
        inner = node
        while True:
            chain.append(inner)
            inner = inner.func if isinstance(inner, cst.Call) else inner.value  # type: ignore[attr-defined]
            if not isinstance(inner, cst.Call | cst.Attribute | cst.Subscript):
                break
        value = self.expression(inner)
        for each in reversed(chain):
            number = self.at(each)
            if isinstance(each, cst.Attribute):
                value = tree.Attribute(number, value, each.attr.value)
            elif isinstance(each, cst.Call):
                value = tree.Call(number, value, tuple(self.argument(argument) for argument in each.args))
            elif isinstance(each, cst.Subscript):
                value = tree.Subscript(number, value, self.index(each))
        return value

    def index(self, node: cst.Subscript) -> tree.Expression:
        if len(node.slice) == 1 and isinstance(node.slice[0].comma, cst.MaybeSentinel):
            return self.element(node.slice[0])
        return tree.Display(self.at(node), "tuple", tuple(self.element(each) for each in node.slice))

    def element(self, node: cst.SubscriptElement) -> tree.Expression:
        inner = node.slice
        if isinstance(inner, cst.Index):
            value = self.expression(inner.value)
            return value if not inner.star else tree.Starred(self.at(inner), value)
        number = self.at(inner)
        assert isinstance(inner, cst.Slice)
        parts = [None if part is None else self.expression(part) for part in (inner.lower, inner.upper, inner.step)]
        return tree.Slice(number, *parts)

    def binary(self, node: cst.BinaryOperation) -> tree.Expression:
        chain: list[cst.BinaryOperation] = []
        left: cst.BaseExpression = node
        while isinstance(left, cst.BinaryOperation):
            chain.append(left)
            left = left.left
        value = self.expression(left)
        for each in reversed(chain):
            value = tree.Binary(self.at(each), _BINARY[type(each.operator)], value, self.expression(each.right))
        return value

    def logical(self, node: cst.BooleanOperation) -> tree.Expression:
        """``a and b and c`` as one node, without recursion along the chain."""
        kind = type(node.operator)
        parts: list[cst.BaseExpression] = []
        left: cst.BaseExpression = node
        while (
            isinstance(left, cst.BooleanOperation)
            and isinstance(left.operator, kind)
            and (left is node or not left.lpar)
        ):
            parts.append(left.right)
            left = left.left
        parts.append(left)
        number = self.at(node)
        values = tuple(self.expression(part) for part in reversed(parts))
        return tree.Logical(number, "and" if kind is cst.And else "or", values)

    def items(self, nodes: Sequence[cst.BaseElement]) -> tuple[tree.Expression, ...]:
        lowered: list[tree.Expression] = []
        for each in nodes:
            if isinstance(each, cst.StarredElement):
                number = self.at(each)
                lowered.append(tree.Starred(number, self.expression(each.value)))
            else:
                lowered.append(self.expression(each.value))
        return tuple(lowered)

    def clauses(self, node: cst.CompFor | None) -> tuple[tree.Clause, ...]:
        lowered = []
        while node is not None:
            number = self.at(node)
            target, iterable = self.expression(node.target), self.expression(node.iter)
            lowered.append(
                tree.Clause(number, target, iterable, tuple(self.expression(each.test) for each in node.ifs))
            )
            node = node.inner_for_in
        return tuple(lowered)

    def formatted(self, node: Any, parts: list[str | tree.Expression]) -> None:
        """The parts of an f-string or t-string."""
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText | cst.TemplatedStringText):
                parts.append(part.value)
            else:
                parts.append(self.expression(part.expression))

    def strings(self, node: cst.ConcatenatedString) -> tree.Expression:
        """Adjacent literals: one constant, or one format if an f-string is among them."""
        pieces: list[cst.BaseExpression] = []
        each: cst.BaseExpression = node
        while isinstance(each, cst.ConcatenatedString):
            pieces.append(each.left)
            each = each.right
        pieces.append(each)
        number = self.at(node)
        if all(isinstance(piece, cst.SimpleString) for piece in pieces):
            values = [_text(piece.value) for piece in pieces if isinstance(piece, cst.SimpleString)]
            if all(isinstance(value, str) for value in values):
                return tree.Constant(number, "".join(value for value in values if isinstance(value, str)))
            if all(isinstance(value, bytes) for value in values):
                return tree.Constant(number, b"".join(value for value in values if isinstance(value, bytes)))
        parts: list[str | tree.Expression] = []
        for piece in pieces:
            if isinstance(piece, cst.SimpleString):
                value = _text(piece.value)
                parts.append(value if isinstance(value, str) else "")
            else:
                self.formatted(piece, parts)
        return tree.Format(number, tuple(parts))


def _only_name(node: cst.BaseSuite) -> str:
    """The name that is all of a body; empty if there is more."""
    if not isinstance(node, cst.SimpleStatementSuite) or len(node.body) != 1:
        return ""
    only = node.body[0]
    return only.value.value if isinstance(only, cst.Expr) and isinstance(only.value, cst.Name) else ""


def dotted(node: cst.CSTNode) -> str:
    """``a.b.c`` of an import."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
    return ".".join(reversed(parts))


def _captured(node: object, names: list[str]) -> None:
    """Every name that a pattern binds."""
    if isinstance(node, cst.MatchAs | cst.MatchStar) and node.name is not None:
        names.append(node.name.value)
    if isinstance(node, cst.MatchMapping) and node.rest is not None:
        names.append(node.rest.value)
    for child in node.children if isinstance(node, cst.CSTNode) else ():
        _captured(child, names)


def _text(literal: str) -> object:
    """What a string or bytes literal evaluates to; an escape that Python only warns about is kept as it stands."""
    if "\\" not in literal and "\r" not in literal and literal[0] in "'\"":
        width = 3 if literal[:3] in ("'''", '"""') else 1
        return literal[width:-width]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value: object = ast.literal_eval(literal)
    except (ValueError, SyntaxError, MemoryError):
        return ""
    return value


def _number(literal: str) -> object:
    """An integer, float or imaginary literal; one that is too long for Python counts as unknown."""
    try:
        value: object = ast.literal_eval(literal)
    except (ValueError, SyntaxError, MemoryError):
        return ...
    return value


def _yield(walk: Lowering, node: cst.Yield) -> tree.Expression:
    number = walk.at(node)
    walk.yields = True
    if isinstance(node.value, cst.From):
        return tree.Yield(number, walk.expression(node.value.item), True)
    return tree.Yield(number, None if node.value is None else walk.expression(node.value), False)


def _lambda(walk: Lowering, node: cst.Lambda) -> tree.Expression:
    number = walk.at(node)
    parameters = walk.parameters(node.params)
    outer = walk.yields
    body = walk.expression(node.body)
    walk.yields = outer
    return tree.Lambda(number, parameters, body)


def _compare(walk: Lowering, node: cst.Comparison) -> tree.Expression:
    number = walk.at(node)
    left = walk.expression(node.left)
    ops = tuple(_COMPARED[type(each.operator)] for each in node.comparisons)
    return tree.Compare(number, left, ops, tuple(walk.expression(each.comparator) for each in node.comparisons))


def _dict(walk: Lowering, node: cst.Dict) -> tree.Expression:
    number = walk.at(node)
    items: list[tuple[tree.Expression | None, tree.Expression]] = []
    for each in node.elements:
        if isinstance(each, cst.DictElement):
            items.append((walk.expression(each.key), walk.expression(each.value)))
        else:
            items.append((None, walk.expression(each.value)))
    return tree.DictDisplay(number, tuple(items))


def _comprehension(kind: str) -> Callable[[Lowering, Any], tree.Expression]:
    def lower(walk: Lowering, node: Any) -> tree.Expression:
        number = walk.at(node)
        clauses = walk.clauses(node.for_in)
        key = walk.expression(node.key) if kind == "dict" else None
        element = walk.expression(node.value if kind == "dict" else node.elt)
        return tree.Comprehension(number, kind, key, element, clauses)

    return lower


def _display(kind: str) -> Callable[[Lowering, Any], tree.Expression]:
    def lower(walk: Lowering, node: Any) -> tree.Expression:
        return tree.Display(walk.at(node), kind, walk.items(node.elements))

    return lower


def _name(walk: Lowering, node: cst.Name) -> tree.Expression:
    if node.value in _NAMED:
        return tree.Constant(walk.at(node), _NAMED[node.value])
    return tree.Name(walk.at(node), node.value)


def _conditional(walk: Lowering, node: cst.IfExp) -> tree.Expression:
    number = walk.at(node)
    return tree.Conditional(
        number, walk.expression(node.test), walk.expression(node.body), walk.expression(node.orelse)
    )


def _walrus(walk: Lowering, node: cst.NamedExpr) -> tree.Expression:
    number = walk.at(node)
    target = walk.expression(node.target)
    value = walk.expression(node.value)
    return tree.Walrus(number, target, value) if isinstance(target, tree.Name) else value


def _format(walk: Lowering, node: Any) -> tree.Expression:
    number = walk.at(node)
    parts: list[str | tree.Expression] = []
    walk.formatted(node, parts)
    return tree.Format(number, tuple(parts))


def _unary(walk: Lowering, node: cst.UnaryOperation) -> tree.Expression:
    chain: list[tuple[int, str]] = []
    inner: cst.BaseExpression = node
    while isinstance(inner, cst.UnaryOperation):
        chain.append((walk.at(inner), _UNARY[type(inner.operator)]))
        inner = inner.expression
    value = walk.expression(inner)
    for number, op in reversed(chain):
        value = tree.Unary(number, op, value)
    return value


_EXPRESSIONS: dict[type, Callable[[Lowering, Any], tree.Expression]] = {
    cst.Name: _name,
    cst.Integer: lambda walk, node: tree.Constant(walk.at(node), _number(node.value)),
    cst.Float: lambda walk, node: tree.Constant(walk.at(node), _number(node.value)),
    cst.Imaginary: lambda walk, node: tree.Constant(walk.at(node), _number(node.value)),
    cst.SimpleString: lambda walk, node: tree.Constant(walk.at(node), _text(node.value)),
    cst.ConcatenatedString: Lowering.strings,
    cst.FormattedString: _format,
    cst.TemplatedString: _format,
    cst.Ellipsis: lambda walk, node: tree.Constant(walk.at(node), ...),
    cst.Attribute: Lowering.postfix,
    cst.Call: Lowering.postfix,
    cst.Subscript: Lowering.postfix,
    cst.BinaryOperation: Lowering.binary,
    cst.BooleanOperation: Lowering.logical,
    cst.UnaryOperation: _unary,
    cst.Comparison: _compare,
    cst.IfExp: _conditional,
    cst.NamedExpr: _walrus,
    cst.Lambda: _lambda,
    cst.Await: lambda walk, node: tree.Await(walk.at(node), walk.expression(node.expression)),
    cst.Yield: _yield,
    cst.List: _display("list"),
    cst.Tuple: _display("tuple"),
    cst.Set: _display("set"),
    cst.Dict: _dict,
    cst.ListComp: _comprehension("list"),
    cst.SetComp: _comprehension("set"),
    cst.GeneratorExp: _comprehension("generator"),
    cst.DictComp: _comprehension("dict"),
    cst.StarredElement: lambda walk, node: tree.Starred(walk.at(node), walk.expression(node.value)),
}


def _assign(walk: Lowering, node: cst.Assign) -> tree.Statement:
    number = walk.at(node)
    value = walk.expression(node.value)
    return tree.Assign(number, tuple(walk.expression(each.target) for each in node.targets), value)


def _annotate(walk: Lowering, node: cst.AnnAssign) -> tree.Statement:
    number = walk.at(node)
    target, annotation = walk.expression(node.target), walk.expression(node.annotation.annotation)
    return tree.Annotate(number, target, annotation, None if node.value is None else walk.expression(node.value))


def _augment(walk: Lowering, node: cst.AugAssign) -> tree.Statement:
    number = walk.at(node)
    target = walk.expression(node.target)
    return tree.Augment(number, target, _AUGMENTED[type(node.operator)], walk.expression(node.value))


def _delete(walk: Lowering, node: cst.Del) -> tree.Statement:
    number = walk.at(node)
    target = walk.expression(node.target)
    targets = target.items if isinstance(target, tree.Display) else (target,)
    return tree.Delete(number, targets)


def _import(walk: Lowering, node: cst.Import) -> tree.Statement:
    number = walk.at(node)
    return tree.Import(number, tuple(walk.imported(each) for each in node.names))


def _import_from(walk: Lowering, node: cst.ImportFrom) -> tree.Statement:
    number = walk.at(node)
    names = () if isinstance(node.names, cst.ImportStar) else tuple(walk.imported(each) for each in node.names)
    module = "" if node.module is None else dotted(node.module)
    return tree.ImportFrom(number, module, len(node.relative), names)


def _for(walk: Lowering, node: cst.For) -> tree.Statement:
    number = walk.at(node)
    target, iterable = walk.expression(node.target), walk.expression(node.iter)
    return tree.For(number, target, iterable, walk.suite(node.body), walk.orelse(node.orelse))


def _while(walk: Lowering, node: cst.While) -> tree.Statement:
    number = walk.at(node)
    return tree.While(number, walk.expression(node.test), walk.suite(node.body), walk.orelse(node.orelse))


def _try(walk: Lowering, node: cst.Try | cst.TryStar) -> tree.Statement:
    number = walk.at(node)
    body = walk.suite(node.body)
    handlers = tuple(walk.handler(each) for each in node.handlers)
    final = () if node.finalbody is None else walk.suite(node.finalbody.body)
    return tree.Try(number, body, handlers, walk.orelse(node.orelse), final)


def _with(walk: Lowering, node: cst.With) -> tree.Statement:
    number = walk.at(node)
    items = []
    for each in node.items:
        at = walk.at(each)
        context = walk.expression(each.item)
        items.append(tree.WithItem(at, context, None if each.asname is None else walk.expression(each.asname.name)))
    return tree.With(number, tuple(items), walk.suite(node.body))


def _match(walk: Lowering, node: cst.Match) -> tree.Statement:
    number = walk.at(node)
    return tree.Match(number, walk.expression(node.subject), tuple(walk.case(each) for each in node.cases))


def _optional(
    kind: Callable[[int, tree.Expression | None], tree.Statement], name: str
) -> Callable[..., tree.Statement]:
    def lower(walk: Lowering, node: Any) -> tree.Statement:
        number = walk.at(node)
        value = getattr(node, name)
        return kind(number, None if value is None else walk.expression(value))

    return lower


def _assert(walk: Lowering, node: cst.Assert) -> tree.Statement:
    number = walk.at(node)
    return tree.Assert(number, walk.expression(node.test), None if node.msg is None else walk.expression(node.msg))


_STATEMENTS: dict[type, Callable[[Lowering, Any], tree.Statement]] = {
    cst.Expr: lambda walk, node: tree.Evaluate(walk.at(node), walk.expression(node.value)),
    cst.Assign: _assign,
    cst.AnnAssign: _annotate,
    cst.AugAssign: _augment,
    cst.Return: _optional(tree.Return, "value"),
    cst.Raise: _optional(tree.Raise, "exc"),
    cst.Assert: _assert,
    cst.Del: _delete,
    cst.Pass: lambda walk, node: tree.Pass(walk.at(node)),
    cst.Break: lambda walk, node: tree.Break(walk.at(node)),
    cst.Continue: lambda walk, node: tree.Continue(walk.at(node)),
    cst.Global: lambda walk, node: tree.Scope(walk.at(node), "global", tuple(each.name.value for each in node.names)),
    cst.Nonlocal: lambda walk, node: tree.Scope(
        walk.at(node), "nonlocal", tuple(each.name.value for each in node.names)
    ),
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.If: Lowering.chain,
    cst.For: _for,
    cst.While: _while,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.With: _with,
    cst.FunctionDef: Lowering.function,
    cst.ClassDef: Lowering.class_,
    cst.Match: _match,
    cst.TypeAlias: lambda walk, node: tree.Unread(walk.at(node), (node.name.value,), "a type alias"),
}
