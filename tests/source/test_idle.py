"""Idle lines: a program without them is the same program."""

from __future__ import annotations

import ast
import random

import pytest

from trainlint.source.idle import core
from trainlint.source.segments import segments

FUNCTION = """\
@decorated(1)
def f(a, b=(
    2)):
    \"\"\"A text
    with: a line.
    \"\"\"
    total = 0
    text = '''
    free = 1
    '''
    for x in a:
        total += x
        if total:
            b = [
                total,
            ]
        elif b:
            pass
        else:
            total = 2
    else:
        lone = 3
    try:
        g(total)
    except ValueError:
        raise
    finally:
        h()

    @decorated
    def inner():
        x = 1
        return total

    class Inside:
        size = 3

        def method(self):
            value = self.size
            return value

    match total:
        case 1:
            g(1)
        case _:
            g(2)
    while total: total -= 1
    return inner
"""
CLASS = """\
class A(B):
    size = 1
    other: int = 2

    def __init__(self):
        super().__init__()
        self.x = 1

    def f(self): return 2

    async def g(self):
        async with self.x as y:
            await y
        return [
            self.size
        ]
"""
BLOCK = """\
if __name__ == "__main__":
    main()
    for i in range(3):
        again(i)
    else:
        main()
"""
PROGRAMS = [FUNCTION, CLASS, BLOCK]
LINES = ["fresh = 1", "fresh", "fresh = -1.5e-3", "fresh = None", "fresh = True", "size = 3", "total", "x = 2"]


class Leaving(ast.NodeTransformer):
    """Takes away what only says a name of its own, where that is no attribute of a class."""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in () if isinstance(node, ast.ClassDef) else ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                setattr(node, field, [each for each in block if not self.is_idle(each)])
        return node

    def is_idle(self, node: ast.stmt) -> bool:
        if isinstance(node, ast.Expr):
            return isinstance(node.value, ast.Name) and node.value.id in self.names
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            return False
        return node.targets[0].id in self.names and not isinstance(node.value, ast.Name)


def tree(text: str, names: set[str]) -> str | None:
    try:
        parsed = ast.parse(text)
    except SyntaxError:
        return None
    return ast.dump(Leaving(names).visit(parsed))


def bare(text: str) -> bytes:
    (segment,) = segments(text.encode())
    return segment.content.bare


@pytest.mark.parametrize("program", PROGRAMS, ids=["function", "class", "block"])
def test_programs_with_equal_cores_are_equal_but_for_idle_lines(program):
    chance = random.Random(3)
    plain, equal = core(bare(program)), 0
    for _ in range(2000):
        lines = program.split("\n")
        for _ in range(chance.choice((1, 1, 2, 3))):
            at, depth = chance.randrange(1, len(lines) + 1), chance.choice((1, 1, 2, 3))
            lines.insert(at, "    " * depth + chance.choice(LINES))
        text = "\n".join(lines)
        found = segments(text.encode())
        if len(found) > 1 or core(found[0].content.bare).text != plain.text:
            continue
        equal += 1
        names = {each.name for each in (*plain.idle, *core(found[0].content.bare).idle)}
        now = tree(text, names)
        assert now is not None, text
        assert now == tree(program, names), text
    assert equal > 50


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def f():\n    a = 1\n    b = 2\n    return b", ["a"]),
        ("def f():\n    unknown\n    return 1", ["unknown"]),
        ("def f():\n    a = 1\n    return lambda: a", []),
        ("def f(s):\n    a = 1\n    return getattr(s, 'a')", []),
        ("def f():\n    global a\n    a = 1\n    return 2", []),
        ("def f():\n    a = 1\n", []),  # it is all there is
        ("class A:\n    a = 1\n    b = g()", []),
        ("def f():\n    if 1:\n        a = 2\n    return 3", []),
        ("def f(x):\n    if x: g()\n    a = 1\n    h()", ["a"]),
        ("def f(x):\n    break\n    return\n", []),
        ("def f(x):\n    __dunder__ = 1\n    return\n", []),
        ("def f(x):\n    a = g()\n    b = x\n    c = 1 + 1\n    return\n", []),
        ("def f(x):\n    return (\n    a\n    )\n", []),
        ("def f(x):\n    g()\n    a = 0x1F\n", []),
        ("a = 3", ["a"]),
    ],
)
def test_a_line_is_idle_if_nothing_else_says_its_name(text, names):
    assert [each.name for each in core(bare(text)).idle] == names


def test_the_core_is_the_text_without_the_idle_lines():
    assert core(b"def f():\n    a = 1\n    return 2").text == b"def f():\n    return 2"
    assert core(b"def f():\n    return 2\n    a = 1").text == b"def f():\n    return 2"
