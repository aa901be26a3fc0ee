"""A file cut into its top-level statements without parsing it."""

from __future__ import annotations

import ast
import re
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.library import modules, parsed
from trainlint.source.contents import Imported
from trainlint.source.lines import newlines
from trainlint.source.segments import Segment, segments
from trainlint.source.source import Source

STATEMENTS = [
    "x = 1",
    "x = 1; y = (2,\n3)",
    "é = '🔥'",
    "'''a docstring\nx = 1\n'''",
    '"text"',
    "f(a,\nb)",
    "f(\n)",
    "x = [\n1,\n]",
    "x = {\n'a': 1,\n'b': (2,\n3)}",
    "x = ')'",
    "f(')',\n'a')",
    "f('(', a)",
    "x = (1 # )\n, 2)",
    "x = '''\ndef f():\n'''",
    "x = r'\\\\' + '#'",
    "x = 'a\\\nb'",
    "x = 1 + \\\n2",
    "x = \\\n'''a\nb'''",
    "assert x, \\\n'no'",
    "# a comment \\\nx = 1",
    "import a\nimport b",
    "from a import (b,\nc)",
    "if x:\n    y\nelif z:\n    w\nelse:\n    v",
    "if x: y\nelse: z",
    "try:\n    x\nexcept (A, B) as e:\n    y\nelse:\n    z\nfinally:\n    w",
    "for x in y:\n    if x:\n        z\nelse:\n    w",
    "while x:\n    y\n\n    # a comment\n\n    z",
    "with a as b, \\\n     c as d:\n    x",
    "def f(a,\nb):\n    '''doc\nx = 1\n'''\n    return a",
    "async def f(): pass",
    "class A(B,\nC):\n    x = 1\n\n    def f(self): pass",
    "@a\ndef f(): pass",
    "@a.b(\nc, d)\n@e\n\nclass A: pass",
    "@a('''x\n''',\nb=1)\n# a comment\n@c\nasync def f(): pass",
    "match x:\n    case 1:\n        y\n    case _:\n        z",
    "match = 1\ntype = 2\ncase = 3",
    "lambda: (yield)",
    "x = f'{a}' f'{b!r:>{c}}'",
    "\fx = 1",
    "elseif = 1\nexcepted = 2\nfinally_ = 3",
    "(\nx\n) = 1",
    "[x\nfor x in y\nif x]",
    "x = (a\n@ b\nif c\nelse {d:\ne})",
    "x = (yield\nfrom y)",
    "-1",
    "...",
    "*a, b = c",
    "pass # '''\npass # \"\"\"",
]
BETWEEN = ["", "\n", "# a comment\n", "# it's (\n", "\f\n", "    # indented\n", "\t\n", "# x \\\n"]


def starts(tree: ast.Module, source: Source) -> set[int]:
    """Where each statement that begins its line begins."""
    found = set()
    for statement in tree.body:
        places = [statement, *getattr(statement, "decorator_list", ())]
        line = min(each.lineno for each in places)
        at = source.lines.line_span(line)[0]
        found.add(at + len(re.match(rb"\f*", source.data[at:]).group()))  # type: ignore[union-attr]
    return found


def outside(source: Source) -> bytes:
    """What of a file lies in no segment, blank space and comments excepted."""
    parts, at = [], 0
    for segment in source.segments:
        assert at <= segment.start < segment.end
        assert segment.data == source.data[segment.start : segment.end]
        parts.append(source.data[at : segment.start])
        at = segment.end
    rest = b"\n".join([*parts, source.data[at:]])
    return re.sub(rb"#[^\n]*|\s", b"", newlines(rest))


@given(
    st.lists(st.tuples(st.sampled_from(STATEMENTS), st.sampled_from(BETWEEN))), st.sampled_from(["\n", "\r\n", "\r"])
)
def test_a_segment_begins_with_every_statement(pieces, end):
    text = "".join(f"{statement}\n{between}" for statement, between in pieces).replace("\n", end)
    source = Source.read("a.py", text.encode())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    own_line = {at for at in starts(tree, source) if source.data[at : at + 1] not in b")]}"}
    assert {segment.start for segment in source.segments} == own_line
    assert outside(source) == b""


def test_the_standard_library():
    for source, tree in parsed(modules(every=2)):
        assert {segment.start for segment in source.segments} == starts(tree, source), source.path
        assert outside(source) == b"", source.path


@given(st.lists(st.sampled_from([*"'\"()[]{}#\\@:\n\n\n x", "'''", "def ", "if ", "else:", "\r", "é"])))
def test_any_text_is_cut_somehow(parts):
    source = Source.read("a.py", "".join(parts).encode())
    at = 0
    for number, segment in enumerate(source.segments):
        assert (segment.number, at <= segment.start < segment.end) == (number, True)
        at = segment.end
    assert at <= len(source.data)


def told(found: tuple[Segment, ...]) -> list[tuple[object, ...]]:
    return [(each.number, each.start, each.end, each.data, each.kind, each.name, each.closed) for each in found]


NEW = ["", "x", "(", ")", "'", "'''", "#", "\n", "\\\n", "    ", "@a\n", "def f():\n", "else:", "async", *STATEMENTS]


@settings(max_examples=500)
@given(
    st.lists(st.tuples(st.sampled_from(STATEMENTS), st.sampled_from(BETWEEN)), max_size=12),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 40), st.sampled_from(NEW)), min_size=1, max_size=4),
    st.sampled_from(["\n", "\n", "\r\n"]),
)
def test_a_later_version_is_cut_like_any_text(pieces, edits, end):
    text = "".join(f"{statement}\n{between}" for statement, between in pieces).replace("\n", end)
    source = Source.of_text("a.py", text)
    for at, length, new in edits:
        text = text[:at] + new + text[at + length :]
        source = Source.of_text("a.py", text, source)
        assert told(source.segments) == told(Source.of_text("a.py", text).segments)
        assert len({segment.content for segment in source.segments}) == len(source.segments)


def test_a_later_version_shares_what_is_the_same():
    text = "\n".join(f"def f{number}():\n    return {number}\n" for number in range(20))
    first = Source.of_text("a.py", text)
    second = Source.of_text("a.py", text.replace("return 10", "x = 1\n    return 10"), first)
    pairs = zip(first.segments, second.segments, strict=True)
    assert [one.number for one, other in pairs if one.content is not other.content] == [10]


def test_a_bracket_that_is_never_closed_costs_one_statement():
    text = "x = 1\ny = f(1, [2,\nz = 3\ndef g():\n    pass\nw = ')'\n"
    assert [segment.data.decode() for segment in segments(text.encode())] == [
        "x = 1",
        "y = f(1, [2,",
        "z = 3",
        "def g():\n    pass",
        "w = ')'",
    ]


def only(text: str) -> Segment:
    (segment,) = segments(text.encode())
    return segment


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("def f(): pass", "def", "f"),
        ("async  def é1(): pass", "def", "é1"),
        ("class A: pass", "class", "A"),
        ("@a(\n1)\n@b\ndef f(): pass", "def", "f"),
        ("import a", "import", None),
        ("from a import b", "import", None),
        ("import a; x = 1", "other", None),
        ("importer = 1", "other", None),
        ("define = 1", "other", None),
        ("x = 1", "other", None),
    ],
)
def test_kinds_and_names(text, kind, name, end):
    segment = only(text.replace("\n", end))
    assert (segment.kind, segment.name) == (kind, name)


def test_names_that_are_touched():
    assert only("def f(x): return y").touches == {"f"}
    assert only("import a.b, c as d").touches == {"a", "d"}
    assert only("from a import *").touches == {"*"}
    assert only("x.y[z] = f(1, 'w', k=2)").touches == {"x", "y", "z", "f", "w", "k"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_comments_and_long_strings_mention_nothing(end):
    text = "x = f(  # torch\n    a,\n    '''keras''',\n    f'''{b}''')\n"
    assert only(text.replace("\n", end)).mentions >= {"x", "f", "a", "b"}
    assert not only(text.replace("\n", end)).mentions & {"torch", "keras"}


def test_what_a_definition_evaluates_when_it_is_run():
    assert only("@a(b)\nclass C(D, metaclass=E):\n    f = g\n").head >= {"a", "b", "D", "E"}
    assert "g" not in only("@a(b)\nclass C(D):\n    f = g\n").head


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("text", "imported"),
    [
        ("import a", [("a", 0, "a", None)]),
        ("import a.b", [("a", 0, "a.b", None)]),
        ("import a.b as c, d", [("c", 0, "a.b", None), ("d", 0, "d", None)]),
        ("from a.b import c", [("c", 0, "a.b", "c")]),
        ("from . import c as d", [("d", 1, "", "c")]),
        ("from ...a import b", [("b", 3, "a", "b")]),
        ("from a import (b,  # one\n    c as d,\n)", [("b", 0, "a", "b"), ("d", 0, "a", "c")]),
        ("from a import b, \\\n    c", [("b", 0, "a", "b"), ("c", 0, "a", "c")]),
        ("from a import *", [("*", 0, "a", "*")]),
        ("try:\n    import a\nexcept ImportError:\n    a = None", [("a", 0, "a", None)]),
        ("def f():\n    from a import b", [("b", 0, "a", "b")]),
        ("x = 'import a'\n", []),
        ("# import a\nx = 1", []),
    ],
)
def test_imports(text, imported, end):
    assert only(text.replace("\n", end)).imports == tuple(Imported(*each) for each in imported)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 3_000 + "1" + ")" * 3_000,
        "x = " + "{1: [f(" * 60 + "1" + ")]}" * 60,
        "x = " + "[" * 3_000,
        "if a: pass\n" + "elif a: pass\n" * 10_000,
        "x = " + "not " * 10_000 + "1",
        "x = 1" + " + 1" * 10_000,
        "x = " + "-" * 10_000 + "1",
        "x = a" + " and a" * 10_000,
        "x = a" + ".b" * 10_000,
        "x = a" + "()" * 10_000,
        "x = a" + ".b(1, 2)[0]" * 5_000,
        "x = " + "lambda: " * 10_000 + "1",
        "x = " + "1 if a else " * 10_000 + "1",
        "x = '" + "a" * 5_000_000 + "'",
        "x = '''" + "a\n" * 2_500_000 + "'''",
        "x = [" + "1234567890,\n" * 250_000 + "]",
    ],
    ids=lambda text: text[:16],
)  # fmt: skip
def test_what_is_beyond_the_parser_is_known(text):
    large, after = Source.read("a.py", f"{text}\nafter = 1\n".encode()).segments
    assert not large.readable
    assert after.readable
    assert after.data == b"after = 1"


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 149 + "1" + ")" * 149,
        "x = 1" + " + 1" * 900,
        "x = [" + "a.b(1) + 2,\n" * 10_000 + "]",
        "def f():\n" + "    x = a.b(1)(2) + -3\n" * 5_000,
        "x = {" + "'a': [1, (2, 3)], " * 5_000 + "}",
        "x = '''" + "((((" * 10_000 + "'''",
        "x = 1  # " + "+ ( not " * 10_000,
    ],
    ids=lambda text: text[:16],
)
def test_what_is_only_long_is_not(text):
    assert only(text).readable
