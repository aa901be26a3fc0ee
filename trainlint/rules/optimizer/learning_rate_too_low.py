"""learning-rate-too-low: the rate stays below what moves any weight."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.rules.optimizer.words import climbed, written
from trainlint.run import Run
from trainlint.semantics.intervals import number_text

HOPELESS = 1e-7  # single precision loses such a step against a weight of 1


@rule("learning-rate-too-low")
def check(run: Run) -> Iterator[Mistake]:
    for rate in run.rates:
        if rate.most is None or rate.bounds is None or rate.bounds.low is None:
            continue
        if not 0 < rate.most < rate.bounds.low or rate.overridden or rate.tuned or rate.grouped or not rate.network:
            continue
        yield Mistake(
            rate,
            f"the learning rate {climbed(rate, rate.most)} {number_text(rate.most)}; "
            f"{rate.optimizer} hardly moves a weight below {number_text(rate.bounds.low)}",
            rate.explain(),
            written(rate),
            case="hopeless" if rate.most < HOPELESS else "default",
        )
