"""Where a node lies is the same, whether its statement is read alone or with all that is around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.library import modules
from trainlint.source.segments import Segment
from trainlint.source.source import Source
from trainlint.syntax import spans, tree
from trainlint.syntax.parse import palatable, parse
from trainlint.syntax.places import place_of

PROGRAM = '''\
@decorated(1)
class A(B, key=2):
    """A text."""

    size: int = 3

    @property
    def f(self, a=(4, 5), *, b: int = 6) -> int:  # 日本語😀
        x = a[0]; y = lambda z: z + self.size
        if x: return y(
            x,  # a comment
        )
        elif a:
            with open("😀") as one, two(x) as (three, four):  # why
                three += four
        else:
            if b:
                for i, j in enumerate(a):
                    while i < j: i += 1
                else:
                    del a[0]
        try:
            raise ValueError(f"{x!r:>{y}}")
        except (KeyError, ValueError) as error:
            print(error)
        finally:
            def inner(u, v=x):
                return (
                    u * v
                )
        match x:
            case [1, *rest] if rest:
                return rest[0]
        return inner(x)[1:2].shape


async def g():
    async for x in h():
        async with x as y:
            await y

if __name__ == "__main__":
    for each in range(3):
        A().f(each)
'''


def every_node(segment: Segment) -> Iterator[tree.Tree]:
    pending: list[tree.Tree] = list(parse(segment))
    while pending:
        node = pending.pop()
        yield node
        pending.extend(tree.children(node))


def compared(source: Source) -> tuple[int, int]:
    """How many nodes were found in their own statements, of how many."""
    found = whole = 0
    for segment in source.segments:
        nodes = {node.at for node in every_node(segment)}  # which reads all that is read later
        text = palatable(segment.content)
        if text is None:
            continue
        places = spans._spans(segment.content)
        whole += len(places)
        for at in nodes & places.keys():
            place = place_of(parse(segment), text, at)
            if place is not None:
                assert place == places[at], (source.path, segment.data[slice(places[at][0], sum(places[at]))])
                found += 1
    return found, whole


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=repr)
def test_every_node_of_a_program(end):
    found, whole = compared(Source.read("a.py", PROGRAM.replace("\n", end).encode()))
    assert found > whole // 2


def test_the_standard_library():
    counts = [compared(Source.read(path.name, Path(path).read_bytes())) for path in modules(every=120)]
    assert sum(found for found, _ in counts) > 0.75 * sum(whole for _, whole in counts)


def test_a_statement_that_cannot_be_told_apart_is_found_with_the_whole():
    text = "def f(a):\n    @a\n    def g(b=1):\n        return b\n    x = = 1\n    return g\n"
    (segment,) = Source.read("a.py", text.encode()).segments
    (name,) = [each.at for each in every_node(segment) if isinstance(each, tree.Name) and each.id == "g"]
    assert palatable(segment.content) is None
    assert spans.span(segment, name) == (text.rindex("g"), text.rindex("g") + 1)
