"""A segment that is broken somewhere is read everywhere else."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from trainlint.source.segments import segments
from trainlint.syntax import tree
from trainlint.syntax.parse import parse

SOUND = """\
def train(x):
    if x:  # the first
        a = 1
    elif not x:  # the second (or none)
        b = 2
    else:  # what: is left
        c = "#"
    try:  # it
        d = 4
    except ValueError:  # or not
        e = 5
    for each in x:  # several
        f = 6
    last = 7
"""
KEPT = {"a", "b", "c", "d", "e", "f", "last"}


def assigned(nodes: Iterable[tree.Tree]) -> set[str]:
    """Every name that is assigned somewhere."""
    names = set()
    for node in nodes:
        names |= {target.id for target in getattr(node, "targets", ()) if isinstance(target, tree.Name)}
        names |= assigned(tree.children(node))
    return names


def test_what_is_sound_is_read():
    assert assigned(parse(segments(SOUND.encode())[0])) == KEPT


@pytest.mark.parametrize("broken", ["    y = (", "    y = f(1", "    if y", "    y ==== 3", "    def", "    y = 'abc"])
def test_one_broken_line_costs_only_itself(broken):
    text = SOUND.replace("    last = 7", f"{broken}\n    last = 7")
    assert assigned(parse(segments(text.encode())[0])) >= KEPT
