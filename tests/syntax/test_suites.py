"""Bodies of functions that are parsed by themselves: the tree is the same as if all were read at once."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from trainlint.source.contents import Content, content
from trainlint.syntax import parse, tree

FILES = sorted(Path(parse.__file__).parents[1].rglob("*.py"))
LONG = "        total = sum(value * value for value in values)  # so that it is worth being cut out of the class\n" * 2
DEEP = textwrap.indent(LONG, "    ")
METHOD = f"    def total(self, values):\n{LONG}        return total\n"


def suites(statements: tuple[tree.Statement, ...]) -> list[tree.Suite]:
    """Those of the functions of a segment, none of another function among them."""
    classes = [each for each in statements if isinstance(each, tree.ClassDef)]
    functions = [each.suite for each in statements if isinstance(each, tree.FunctionDef)]
    return functions + [suite for each in classes for suite in suites(each.body)]


def later(text: str) -> tuple[tree.Statement, ...] | None:
    return parse._in_parts(content(text.encode()))


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-2:]))
def test_the_tree_is_the_same(file: Path):
    from trainlint.source.source import Source

    for segment in Source.read("a.py", file.read_bytes()).segments:
        found = parse._in_parts(segment.content)
        if found is not None:
            assert repr(found) == repr(parse._at_once(segment.content))


@pytest.mark.parametrize(
    "text",
    [
        f"class A:\n{METHOD}",
        f'class A(\n    B, metaclass=C\n):\n    """def f(self):\n    what it is\n    """\n\n    x: int = 1\n{METHOD}',
        f"@frozen\nclass A:\n    @property  # def\n    @other(lambda: 0)\n{METHOD}\n    async def f(self): return 1\n{METHOD}    y = 2\n",
        f"class A:\n    if DEBUG:\n        def f(self):\n{DEEP}            return 1\n{METHOD}",
        f"class A:\n    def f(\n        self,\n        a: int = {{1: 2}}[1],\n    ) -> dict[str, int]:  # a: b\n{LONG}",
        f"class A:\n    class B:\n        def f(self):\n{DEEP}            yield 1\n{METHOD}",
        f"class A:\n    def f(self):\n{LONG}  # a comment that is not indented\n# nor this one\n\n        yield 2\n{METHOD}",
        f'class A:\n    def f(self):\n        text = """\n  less indented\n"""\n{LONG}        def g():\n            return text\n',
        f"def f(a, b=lambda x: x, *, c: int = 1):\n{LONG}    return a \\\n  + b\n".replace(
            "        total", "    total"
        ),
        f"class A:\n\tdef f(self):\n{LONG}".replace("        ", "\t\t"),
        f"class A:\r\n{METHOD}".replace("\r\n", "\n").replace("\n", "\r\n"),
        f"class A:\n\f\n{METHOD}",
    ],
)
def test_what_is_hard_to_tell(text: str):
    found = later(text)
    assert found is not None
    assert any(not each.is_read for each in suites(found))
    assert repr(found) == repr(parse._at_once(content(text.encode())))


@pytest.mark.parametrize(
    "text",
    [
        "class A: pass\n",
        "class A:\n    def f(self): return 1\n",
        f"class A:\n    def f(self):\n        x = foo(\n  1, 2)\n{LONG}",  # a bracket goes on with less indentation
        f"class A:\n    x = (\n{METHOD}",
        "x = 1\n",
    ],
)
def test_what_is_read_at_once(text: str):
    assert later(text) is None


def test_a_broken_body_costs_its_line_only():
    text = f"class A:\n{METHOD}    def broken(self):\n{LONG}        x = = 2\n        return x\n{METHOD}"
    found = later(text)
    assert found is not None
    assert repr(found) == repr(parse._at_once(content(text.encode())))


def test_nobody_reads_what_nobody_calls():
    held: Content = content(f"class A:\n{METHOD}".encode())
    found = parse._in_parts(held)
    assert found is not None
    (suite,) = suites(found)
    assert tree.chain(found, 0)
    assert not suite.generator
    assert not suite.is_read
    (at,) = {each.at for each in suite.statements if isinstance(each, tree.Return)}
    assert tree.chain(found, at)[-1] in suite.statements
