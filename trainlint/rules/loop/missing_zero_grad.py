"""missing-zero-grad: each step is taken with the gradients of all steps before it on top of its own."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run


@rule("missing-zero-grad")
def check(run: Run) -> Iterator[Mistake]:
    for update in run.updates:
        if update.mixed is not None:
            yield Mistake(
                update,
                "the gradients are added to those that the last step was taken with: nothing clears them in between",
                update.steps,
                "",
                at=update.mixed,
                fixes=unsafe("Clear the gradients first", update.cleared_before(run.code, update.mixed)),
            )
