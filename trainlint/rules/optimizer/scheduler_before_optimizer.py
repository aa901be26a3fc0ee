"""scheduler-before-optimizer: the schedule moves on before the optimizer has used its first rate."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, safe
from trainlint.run import Run


@rule("scheduler-before-optimizer")
def check(run: Run) -> Iterator[Mistake]:
    for scheduler in run.schedulers:
        if scheduler.early is not None:
            yield Mistake(
                scheduler.early,
                "the scheduler moves on before the optimizer steps: the first learning rate is never used",
                scheduler.steps,
                "",
                fixes=safe("Move the scheduler on after the optimizer", scheduler.moved_later(run.code)),
            )
