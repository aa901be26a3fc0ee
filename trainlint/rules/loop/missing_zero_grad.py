"""missing-zero-grad: each step is taken with the gradients of all steps before it on top of its own."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run


@rule("missing-zero-grad")
def check(run: Run) -> Iterator[Mistake]:
    for order in run.orders:
        for update, at, others in order.mixed:
            yield Mistake(
                update,
                "the gradients are added to those that the last step was taken with: nothing clears them in between",
                (*update.steps, *others),
                "",
                at=at,
                fixes=unsafe("Clear the gradients first", update.cleared_before(run.code, at)),
            )
