"""Changes of a program's text: what they leave as it is, and where they refuse."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trainlint.knowledge.library import Library
from trainlint.model import Edit
from trainlint.run.code import Code, Edits
from trainlint.semantics.imports import Program
from trainlint.semantics.values import Place
from trainlint.source.sources import Sources
from trainlint.syntax import tree
from trainlint.syntax.parse import parse
from trainlint.syntax.spans import span

Change = Callable[..., Edits]


def code_of(text: str) -> Code:
    sources = Sources(Path("/nowhere"), {"example.py": text.encode()})
    return Code(Program("example.py", sources, Library({})))


def places(code: Code) -> Iterator[Place]:
    source = code.program.source("example.py")
    assert source is not None
    for segment in source.segments:
        pending: list[tree.Tree] = list(parse(segment))
        while pending:
            node = pending.pop()
            yield Place("example.py", segment.number, node.at)
            pending.extend(tree.children(node))


def at(code: Code, written: str) -> Place:
    """The first place that is written so; of several nodes the innermost."""
    found = [place for place in places(code) if code.text(place) == written]
    first = min(start(code, place) for place in found)
    return max((place for place in found if start(code, place) == first), key=lambda place: len(code.chain(place)))


def start(code: Code, place: Place) -> int:
    segment = code.program.segment(place)
    assert segment is not None
    return span(segment, place.at)[0]


def applied(text: str, edits: tuple[Edit, ...]) -> str:
    data = text.encode()
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        data = data[: edit.span.start] + edit.content.encode() + data[edit.span.end :]
    ast.parse(data)
    return data.decode()


def changed(text: str, change: Change, *written: str, **rest: object) -> str | None:
    code = code_of(text)
    edits = change(code, *(at(code, each) for each in written), **rest)
    return applied(text, edits) if edits else None


LOOP = "for x in xs:\n    a()  # one\n    b()\n    c()\n"


def test_a_statement_is_removed_with_its_line() -> None:
    assert changed(LOOP, Code.remove, "b()") == "for x in xs:\n    a()  # one\n    c()\n"
    assert changed("a()\r\nb()  # gone\r\nc()", Code.remove, "b()") == "a()\r\nc()"
    assert changed("a()\nb()", Code.remove, "b()") == "a()\n"


def test_a_block_never_becomes_empty() -> None:
    assert changed("if x:\n\ta()  # why\n", Code.remove, "a()") == "if x:\n\tpass  # why\n"


@pytest.mark.parametrize("text", ["a(); b()\n", "if x: b()\n", "if x:\n    a()\nelif b():\n    c()\n"])
def test_a_statement_that_shares_its_line_is_left(text: str) -> None:
    for change in (Code.remove, Code.insert_before, Code.insert_after):
        more = () if change is Code.remove else ("new()",)
        code = code_of(text)
        assert change(code, at(code, "b()"), *more) == ()


def test_a_statement_is_inserted_with_the_same_indentation_and_line_end() -> None:
    text = "while x:\r\n\ta(1,\r\n\t  2)  # note\r\n"
    code = code_of(text)
    call = at(code, "a(1,\r\n\t  2)")
    assert applied(text, code.insert_before(call, "b()")) == "while x:\r\n\tb()\r\n\ta(1,\r\n\t  2)  # note\r\n"
    assert applied(text, code.insert_after(call, "b()")) == "while x:\r\n\ta(1,\r\n\t  2)  # note\r\n\tb()\r\n"


def test_a_statement_is_inserted_after_a_last_line_without_end() -> None:
    text = "while x:\n    a()"
    code = code_of(text)
    assert applied(text, code.insert_after(at(code, "a()"), "b()")) == "while x:\n    a()\n    b()"


def test_a_statement_moves_with_its_comment() -> None:
    assert changed(LOOP, Code.move_after, "a()", "c()") == "for x in xs:\n    b()\n    c()\n    a()  # one\n"
    assert changed(LOOP, Code.move_before, "c()", "a()") == "for x in xs:\n    c()\n    a()  # one\n    b()\n"


def test_a_statement_moves_into_another_block() -> None:
    text = "for x in xs:\n    a()\n    if x:\n        b()\n"
    assert changed(text, Code.move_after, "a()", "b()") == "for x in xs:\n    if x:\n        b()\n        a()\n"


def test_a_statement_over_several_lines_moves_only_within_its_block() -> None:
    text = "for x in xs:\n    a(\n    )\n    if x:\n        b()\n    c()\n"
    assert changed(text, Code.move_after, "a(\n    )", "b()") is None
    assert changed(text, Code.move_after, "a(\n    )", "c()") == (
        "for x in xs:\n    if x:\n        b()\n    c()\n    a(\n    )\n"
    )


def test_a_statement_is_put_into_a_block_of_its_own() -> None:
    text = "def f():\n    for x in xs:  # all\n\n        a(x,\n          1)\n    b()\n"
    code = code_of(text)
    loop = code.statement(at(code, "xs"))
    assert loop is not None
    assert applied(text, code.wrap(loop, "with c():")) == (
        "def f():\n    with c():\n        for x in xs:  # all\n\n            a(x,\n              1)\n    b()\n"
    )
    assert changed("\ta()\n".join(["if x:\r\n", ""]), Code.wrap, "a()", head="with c():") == (
        "if x:\r\n\twith c():\n\t\ta()\n"
    )


def test_a_long_string_is_not_indented() -> None:
    assert changed("if x:\n    a('''\n''')\n", Code.wrap, "a('''\n''')", head="with c():") is None


@pytest.mark.parametrize(
    ("text", "whole", "inner", "wanted"),
    [
        ("y = f(x + 1, dim=1)  # kept\n", "f(x + 1, dim=1)", "x + 1", "y = x + 1  # kept\n"),
        ("y = 2 * f(x + 1)\n", "f(x + 1)", "x + 1", "y = 2 * (x + 1)\n"),
        ("y = f((x + 1)).mean()\n", "f((x + 1))", "x + 1", "y = (x + 1).mean()\n"),
        ("y = f(x +\n  1)\n", "f(x +\n  1)", "x +\n  1", "y = (x +\n  1)\n"),
        ("y = g(f(x +\n  1))\n", "f(x +\n  1)", "x +\n  1", "y = g(x +\n  1)\n"),
        ("y = f(g(\n    x))\n", "f(g(\n    x))", "g(\n    x)", "y = g(\n    x)\n"),
        ("return_ = f(é)[0]\n", "f(é)", "é", "return_ = é[0]\n"),
    ],
)
def test_a_call_is_unwrapped(text: str, whole: str, inner: str, wanted: str) -> None:
    assert changed(text, Code.unwrap, whole, inner) == wanted


def test_a_comment_is_not_lost_by_unwrapping() -> None:
    assert (
        changed("y = f(\n    x,  # logits\n    dim=1,\n)\n", Code.unwrap, "f(\n    x,  # logits\n    dim=1,\n)", "x")
        is None
    )


@pytest.mark.parametrize(
    ("text", "item", "wanted"),
    [
        ("f(a, b, c)\n", "b", "f(a, c)\n"),
        ("f(a, b, c)\n", "c", "f(a, b)\n"),
        ("f(a, b, c,)\n", "a", "f(b, c,)\n"),
        ("f(a)\n", "a", "f()\n"),
        ("f([a])\n", "a", "f([])\n"),
        ("f([\n    a,  # first\n    b,  # second\n])\n", "b", "f([\n    a,  # first\n])\n"),
        ("f(\n\ta,\n\tb\n)\n", "b", "f(\n\ta,\n)\n"),
        ("f(\n    a, b,\n    c,\n)\n", "b", "f(\n    a, c,\n)\n"),
        ("f(a, k=1)\n", "1", "f(a)\n"),
    ],
)
def test_an_item_is_removed(text: str, item: str, wanted: str | None) -> None:
    assert changed(text, Code.remove_item, item) == wanted


@pytest.mark.parametrize(
    ("text", "call", "wanted"),
    [
        ("f()\n", "f()", "f(k=1)\n"),
        ("f(a, *b)\n", "f(a, *b)", "f(a, *b, k=1)\n"),
        ("f(a, k=2, j=3)\n", "f(a, k=2, j=3)", "f(a, k=1, j=3)\n"),
        ("f(a,)\n", "f(a,)", "f(a, k=1,)\n"),
        ("f(\n    a,\n)\n", "f(\n    a,\n)", "f(\n    a,\n    k=1,\n)\n"),
        ("f(x for x in y)\n", "f(x for x in y)", None),
    ],
)
def test_a_keyword_is_set(text: str, call: str, wanted: str | None) -> None:
    code = code_of(text)
    edits = code.set_keyword(at(code, call), "k", "1")
    assert (applied(text, edits) if edits else None) == wanted


def test_a_replacement_gets_parentheses_where_it_needs_them() -> None:
    text = "y = 2 * x\nz = x\n"
    code = code_of(text)
    first = at(code, "x")
    assert applied(text, code.replace(first, "a + b", atom=False)) == "y = 2 * (a + b)\nz = x\n"
    assert applied(text, code.replace(first, "a(b)")) == "y = 2 * a(b)\nz = x\n"


def test_the_last_name_of_a_chain_is_replaced() -> None:
    text = "y = nn.BCELoss()\n"
    code = code_of(text)
    assert applied(text, code.rename(at(code, "nn.BCELoss"), "MSELoss")) == "y = nn.MSELoss()\n"
    assert code.rename(at(code, "y"), "z") == ()
