"""unused-scheduler: a schedule is made, and nothing ever moves it on."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.run import Run

_UNMOVED = "nothing calls `step()` of this scheduler"


@rule("unused-scheduler")
def check(run: Run) -> Iterator[Mistake]:
    for scheduler in run.schedulers:
        if not scheduler.moved and scheduler.assumed is None:
            lacking = "this schedule is handed over to nothing" if scheduler.planned else _UNMOVED
            yield Mistake(
                scheduler,
                f"{lacking}: the learning rate stays where it begins",
                scheduler.steps,
                "",
            )
