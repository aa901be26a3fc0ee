"""zero-grad-before-step: the gradients are cleared before the optimizer has used them."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, safe
from trainlint.run import Run


@rule("zero-grad-before-step")
def check(run: Run) -> Iterator[Mistake]:
    for update in run.updates:
        if (wiped := update.wiped) and wiped.late:
            yield Mistake(
                update,
                "the gradients are cleared between `backward` and `step`: the optimizer gets none",
                (*wiped.steps, *update.steps),
                "",
                at=wiped.place,
                fixes=safe("Clear them after the step", wiped.cleared_after(run.code, update.place)),
            )
