"""Every kind of statement and expression arrives in our tree, and its span gives back its text."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator

import pytest

from tests.support.library import modules, parsed
from trainlint.source.source import Source
from trainlint.syntax import tree
from trainlint.syntax.errors import problems
from trainlint.syntax.parse import parse
from trainlint.syntax.spans import span

SAME = {
    tree.Name: (ast.Name,),
    tree.Constant: (ast.Constant,),
    tree.Format: (ast.JoinedStr, *((ast.TemplateStr,) if hasattr(ast, "TemplateStr") else ())),
    tree.Attribute: (ast.Attribute,),
    tree.Subscript: (ast.Subscript,),
    tree.Call: (ast.Call,),
    tree.Binary: (ast.BinOp,),
    tree.Unary: (ast.UnaryOp,),
    tree.Compare: (ast.Compare,),
    tree.Logical: (ast.BoolOp,),
    tree.Conditional: (ast.IfExp,),
    tree.DictDisplay: (ast.Dict,),
    tree.Lambda: (ast.Lambda,),
    tree.Await: (ast.Await,),
    tree.Yield: (ast.Yield, ast.YieldFrom),
    tree.Walrus: (ast.NamedExpr,),
    tree.Slice: (ast.Slice,),
    tree.Starred: (ast.Starred,),
    tree.Evaluate: (ast.Expr,),
    tree.Assign: (ast.Assign,),
    tree.Annotate: (ast.AnnAssign,),
    tree.Augment: (ast.AugAssign,),
    tree.Return: (ast.Return,),
    tree.Raise: (ast.Raise,),
    tree.Assert: (ast.Assert,),
    tree.Delete: (ast.Delete,),
    tree.Pass: (ast.Pass,),
    tree.Break: (ast.Break,),
    tree.Continue: (ast.Continue,),
    tree.Scope: (ast.Global, ast.Nonlocal),
    tree.Import: (ast.Import,),
    tree.ImportFrom: (ast.ImportFrom,),
    tree.ImportedName: (ast.alias,),
}


def walk(value: object) -> Iterator[tree.Tree]:
    """A node and all below it."""
    if isinstance(value, tree.Tree):
        yield value
        for child in tree.children(value):
            yield from walk(child)
    elif isinstance(value, tuple):
        for item in value:
            yield from walk(item)


def read(text: str) -> Source:
    return Source.read("a.py", text.encode())


def statements(source: Source) -> list[tree.Statement]:
    return [statement for segment in source.segments for statement in parse(segment)]


def statement(text: str) -> tree.Statement:
    (only,) = statements(read(text))
    return only


def expression(text: str) -> tree.Expression:
    found = statement(text)
    assert isinstance(found, tree.Evaluate)
    return found.value


def texts(source: Source, kind: type[tree.Tree]) -> list[str]:
    """The text of every node of a kind, in order."""
    found = []
    for segment in source.segments:
        for each in walk(parse(segment)):
            if type(each) is kind:
                start, end = span(segment, each.at)
                found.append(source.data[start:end].decode())
    return found


# Spans


def theirs(source: Source, module: ast.Module) -> dict[type, set[tuple[int, int]]]:
    """The bytes of every node of Python's tree, by its type."""
    found: dict[type, set[tuple[int, int]]] = {}
    for each in ast.walk(module):
        if hasattr(each, "end_lineno"):
            start = source.lines.line_span(each.lineno)[0] + each.col_offset
            end = source.lines.line_span(each.end_lineno)[0] + each.end_col_offset
            found.setdefault(type(each), set()).add((start, end))
    return found


def misplaced(source: Source, module: ast.Module) -> list[tuple[str, str]]:
    """The nodes that lie where Python has none of their kind."""
    places, wrong = theirs(source, module), []
    for segment in source.segments:
        for each in walk(parse(segment)):
            kinds = SAME.get(type(each), ())
            at = span(segment, each.at)
            if kinds and not any(at in places.get(kind, ()) for kind in kinds):
                wrong.append((type(each).__name__, source.data[slice(*at)].decode()))
    return wrong


CORPUS = '''
x = y = (1, 2), [3, *z], {4}, {}, {5: 6, **w}, ()
a: int = 1
b: "str"
x += 1; y @= z; w //= 2; v **= 3; u >>= 1; t <<= 2; s &= 1; r |= 2; q ^= 3; p %= 4; o -= 5; n *= 6; m /= 7
del x, y[0], (z.w)
del (x, y), [z]
assert x, "no"
assert (x)
raise
import a.b.c as d, e
from . import f as g, h
from ..i.j import (k, l as m,)
from n import *
pass
é = "🔥" "x" f"{é}" + rb"\\n".decode() + u"ü"
f"{x!r:>{width}} {{}} {y=} {z:%Y-%m}" rf"\\d{w}"
x[0]; x[1:2]; x[::3]; x[:, None]; x[1, ...]; x[*y]; x[a:b, c:d:e, *f,]; x[()]; x[(1, 2)]; x[-1]
(x)[(0)]
x.y.z().w[0]()(1)
f(); f(a, *b, c=d, **e); f(x for x in y); f((yield_ for yield_ in y), 1); f(a)(b); f(a,)
-x ** +y; ~z; not w; not (x and y or z)
1 + 2 - 3 * 4 / 5 // 6 % 7 @ 8 << 9 >> 10 & 11 | 12 ^ 13
(1 + 2) * (3)
a < b <= c == d != e > f >= g in h not in i is j is not k
a and b and c or d and (e and f) or (g or h)
x if y else z if (w) else (v)
lambda: 0; lambda a, /, b=1, *c, d, e=2, **f: a; lambda *, a: (lambda: a)
[x for x in y if z if w for v in x]
{x for x in y}; {x: y for x, y in z}; (x async for x in y)
(x := 1); f(x := 2); [y := 3, y]
0x1F, 1_000, 1e-5, 2j, 0b11, 0o17, .5, None, True, False, ...
"""long
string"""; b"x" b"y"; "\\N{BULLET}\\x00"
global_name: list[int] | None = None
*a, b = c
a, (b, [c, *d]) = e
for x in y: break
for x, *y in z, w:
    continue
else:
    pass
async def f(a: int, /, b: str = "x", *args: int, c: float = 1.0, d, **kwargs: dict) -> None:
    global g, h
    async for x in y:
        await x
    else:
        pass
    async with a as b, c as (d, e), f:
        return
    return await (a)
def generator():
    x = yield
    y = yield 1, 2
    z = yield from (w)
    def inner():
        nonlocal x, y
        return x, *y
    yield (yield)
while x:
    pass
else:
    x = 1
if a: pass
elif b:
    pass
elif (c): d
else: e
try:
    x
except A:
    raise B from c
except (A, C) as e:
    raise B
except:
    pass
else:
    y
finally:
    z
with a: pass
with (a as b, c as d,): pass
with (yield_): pass
@a
@a.b(c, d=e)
class A(B, C.D, metaclass=E, **kw):
    """doc"""
    x: int = 1
    @property
    def f(self): return self
class B: pass
class C(): ...
match x:
    case 1 | 2 if y: pass
    case "a" "b": pass
    case -1.5 + 2j: pass
    case None | True: pass
    case a.b.c: pass
    case [a, *b, _]: pass
    case {"k": v, **rest}: pass
    case Point(x=0, y=z) as p: pass
    case (a, b): pass
    case other: pass
match x, y:
    case _: pass
match = case = type = _ = 1
match[x]; match(x); print(match)
'''
NEWER = {
    (3, 11): "try:\n    x\nexcept* (A, B) as e:\n    y\nexcept* C:\n    z\n",
    (3, 12): (
        "type A[T: int, *U, **V] = list[T]\n"
        "def f[T: (int, str), *U, **V](x: T) -> U: return x\n"
        "class A[T](B[T]): x: T\n"
        "f'{x['a']} {'b'} {f'{'nested'}'}'\n"
        "f'{x # comment\n}'\n"
    ),
    (3, 13): "def f[T = int, *U = *tuple[int]](): pass\n",
    (3, 14): "t'{x} {y!r:>{z}}'\ntry:\n    x\nexcept A, B:\n    y\n",
}


def test_every_node_lies_where_python_sees_it():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = ast.parse(CORPUS)
    source = read(CORPUS)
    captured = [("Name", "other"), ("Name", "_")]  # Python calls these patterns
    assert misplaced(source, module) == captured
    assert not any(isinstance(each, tree.Unread) for each in statements(source))
    assert problems(source) == ()
    unseen = set(SAME) - {type(each) for each in walk(tuple(statements(source)))}
    assert unseen == set()


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_whatever_the_lines_end_in(end):
    source, plain = read(CORPUS.replace("\n", end)), read(CORPUS)
    assert problems(source) == ()
    assert statements(source) == statements(plain)
    places = {(source.lines.place(at)) for at in (segment.start for segment in source.segments)}
    assert places == {(plain.lines.place(at)) for at in (segment.start for segment in plain.segments)}
    for kind in SAME:
        assert texts(source, kind) == [text.replace("\n", end) for text in texts(plain, kind)]


def test_the_standard_library():
    for source, module in parsed(modules(every=60)):
        assert problems(source) == (), source.path
        wrong = misplaced(source, module)
        assert wrong == [], source.path


@pytest.mark.parametrize("version", NEWER, ids=str)
def test_newer_syntax_than_the_running_python_is_read(version):
    source = read(NEWER[version])
    assert problems(source) == ()
    assert all(type(each) is not tree.Unread or each.names == ("A",) for each in statements(source))
    if sys.version_info >= version:
        assert misplaced(source, ast.parse(NEWER[version])) == []


# Meanings, where one node stands for several of Python's


def test_definitions_lie_at_their_names():
    source = read("@a\ndef f(x, *y): pass\nclass B(f): pass\n")
    assert texts(source, tree.FunctionDef) == ["f"]
    assert texts(source, tree.ClassDef) == ["B"]
    assert texts(source, tree.Parameter) == ["x", "y"]


def test_kinds_of_parameters():
    function = statement("def f(a, /, b, *c, d, **e): pass")
    assert isinstance(function, tree.FunctionDef)
    assert [(each.name, each.kind) for each in function.parameters] == [
        ("a", "positional"),
        ("b", "either"),
        ("c", "sequence"),
        ("d", "keyword"),
        ("e", "mapping"),
    ]


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        ("yield", True),
        ("x = [(yield y)]", True),
        ("yield from x", True),
        ("return lambda: (yield)", False),
        ("def g(): yield", False),
        ("return x", False),
        ("def g(a=(yield)): pass", True),
    ],
)
def test_generators(body, is_one):
    function = statement(f"def f():\n    {body}")
    assert isinstance(function, tree.FunctionDef)
    assert function.generator == is_one


@pytest.mark.parametrize(
    "literal",
    [
        "1", "0x1F", "1_000", "1.5e-3", "2j", "'a'", '"b"', "'''c\nd'''", "r'\\d'", "b'x'", "Rb'\\x'", "u'ü'", "'\\n\\x41\\u00e9'",
        "'a' 'b'", "b'a' b'b'", "'a' r'\\b' \"c\"", "None", "True", "...", "'\\\n'", "'🔥'", "''", '""""""', "1" * 4000,
    ],
)  # fmt: skip
def test_literals(literal):
    found = expression(literal)
    assert isinstance(found, tree.Constant)
    assert (found.value, type(found.value)) == (ast.literal_eval(literal), type(ast.literal_eval(literal)))


def test_a_number_that_python_refuses_is_not_known():
    assert expression("1" * 5000) == tree.Constant(1, ...)


def test_formats():
    found = expression("f'a {b} c' 'd' f'{e!r:>{f}}'")
    assert isinstance(found, tree.Format)
    assert [each if isinstance(each, str) else type(each) for each in found.parts] == [
        "a ",
        tree.Name,
        " c",
        "d",
        tree.Name,
    ]


def test_chains():
    comparison = expression("a < b not in c is not d")
    assert isinstance(comparison, tree.Compare)
    assert comparison.ops == ("<", "not in", "is not")
    logic = expression("a and b and c or d")
    assert isinstance(logic, tree.Logical)
    assert (logic.op, len(logic.values)) == ("or", 2)
    assert isinstance(logic.values[0], tree.Logical)
    assert len(logic.values[0].values) == 3
    sums = expression("a - b - c")
    assert isinstance(sums, tree.Binary)
    assert isinstance(sums.left, tree.Binary)
    powers = expression("a ** b ** c")
    assert isinstance(powers, tree.Binary)
    assert isinstance(powers.right, tree.Binary)


def test_imports():
    assert statement("from ..a.b import c as d, e") == tree.ImportFrom(
        0, "a.b", 2, (tree.ImportedName(1, "c", "d"), tree.ImportedName(2, "e", None))
    )
    assert statement("import a.b as c") == tree.Import(0, (tree.ImportedName(1, "a.b", "c"),))


@pytest.mark.parametrize(
    ("pattern", "names", "compares"),
    [
        ("1", (), True),
        ("a.b", (), True),
        ("None", (), True),
        ("_", (), True),
        ("x", ("x",), True),
        ("1 | 2", (), False),
        ("[a, *b]", ("a", "b"), False),
        ("[a, *_]", ("a",), False),
        ("{'k': v, **rest}", ("v", "rest"), False),
        ("P(x, y=z) as p", ("x", "z", "p"), False),
        ("(1 | 2) as n", ("n",), False),
    ],
)
def test_patterns(pattern, names, compares):
    match = statement(f"match s:\n    case {pattern}: pass")
    assert isinstance(match, tree.Match)
    assert sorted(match.cases[0].names) == sorted(names)
    assert (match.cases[0].pattern is not None) == compares
