"""loss-keeps-graph: losses are summed up or collected with all that was computed for them."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, safe
from trainlint.run import Run


@rule("loss-keeps-graph")
def check(run: Run) -> Iterator[Mistake]:
    for each in run.kept:
        done = "collected" if each.item else "summed up"
        yield Mistake(
            each,
            f"the losses are {done} with their graphs, which keeps all that was computed for them in memory",
            each.loss,
            "this loss still has its graph",
            fixes=safe("Leave its graph behind", each.detached(run.code)),
        )
