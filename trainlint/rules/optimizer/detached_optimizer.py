"""detached-optimizer: the optimizer steps parameters that are not the ones trained."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.run import Run

MESSAGES = {
    "spent": ("the optimizer is given an iterator over parameters that has come to its end", "it is used up here"),
    "empty": ("none of the parameters that the optimizer is given is left: all are frozen", "they are frozen here"),
    "frozen": ("all parameters that the optimizer is given are frozen", "they are frozen here"),
    "other": ("the optimizer is given other parameters than those that are trained", "these are trained"),
    "added": ("the optimizer was made before this layer, and never steps its weights", "the layer is made here"),
}


@rule("detached-optimizer")
def check(run: Run) -> Iterator[Mistake]:
    for each in run.detached:
        yield Mistake(each, MESSAGES[each.kind][0], each.steps, MESSAGES[each.kind][1])
