"""unscaled-accumulation: the gradients of several batches add up, and nothing divides them by how many there are."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run


@rule("unscaled-accumulation")
def check(run: Run) -> Iterator[Mistake]:
    for each in run.accumulations:
        if each.mean is not None:
            yield Mistake(
                each,
                "the gradients of several batches add up before a step, and nothing divides them by how many there are",
                each.steps,
                "",
                fixes=unsafe("Divide the loss by their number", each.divided(run.code)),
            )
