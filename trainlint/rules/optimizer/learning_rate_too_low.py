"""learning-rate-too-low: the rate stays below what moves any weight."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.rules.optimizer._words import reached
from trainlint.rules.words import written
from trainlint.run import Run

HOPELESS = 1e-7  # single precision loses such a step against a weight of 1


@rule("learning-rate-too-low")
def check(run: Run) -> Iterator[Mistake]:
    for rate in run.rates:
        if rate.most is None or rate.bounds is None or rate.bounds.low is None:
            continue
        if not 0 < rate.most < rate.bounds.low or not rate.network:
            continue
        if rate.overridden or rate.tuned or rate.grouped or rate.tried:
            continue
        steps = f"{1 / rate.most:,.0f}"
        yield Mistake(
            rate,
            f"{reached(rate, rate.most)}; {rate.optimizer} needs about {steps} steps to move a weight by 1",
            rate.explain(),
            written(rate),
            case="hopeless" if rate.most < HOPELESS else "default",
        )
