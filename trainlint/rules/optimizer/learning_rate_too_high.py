"""learning-rate-too-high: the rate climbs over what its optimizer can use."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.rules.optimizer._words import reached
from trainlint.rules.words import written
from trainlint.run import Run
from trainlint.semantics.intervals import number_text

FAR = 10  # times the bound: no run survives it


@rule("learning-rate-too-high")
def check(run: Run, *, factor: float) -> Iterator[Mistake]:
    for rate in run.rates:
        if rate.highest is None or rate.bounds is None or rate.bounds.high is None or rate.replaced or rate.grows:
            continue
        bound = rate.bounds.high * factor
        if rate.highest <= bound or not (rate.network and rate.deep) or rate.tried:
            continue
        reason = rate.bounds.source if factor == 1 else f"{number_text(factor)} times the usual bound"
        yield Mistake(
            rate,
            f"{reached(rate, rate.highest)}; {rate.optimizer} rarely learns above {number_text(bound)}: {reason}",
            rate.explain(),
            written(rate),
            case="far-above" if rate.highest >= FAR * bound else "default",
        )
