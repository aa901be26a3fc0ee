"""unbounded-learning-rate: nothing bounds the rate from above."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.run import Rate, Run


@rule("unbounded-learning-rate")
def check(run: Run) -> Iterator[Mistake]:
    asked = False
    for rate in run.rates:
        if rate.grows and not _ends_in_time(rate):
            yield Mistake(
                rate,
                "the learning rate grows and nothing ends its growth",
                rate.explain(),
                "it grows by this",
            )
        elif rate.unchecked and not asked and rate.way in ("given", "peak"):
            asked = True
            source = rate.source or "outside of the program"
            yield Mistake(
                rate,
                f"the learning rate comes from {source} and nothing bounds it from above",
                rate.explain(),
                f"the default of {source}" if rate.source else "read here",
                case="unchecked",
            )


def _ends_in_time(rate: Rate) -> bool:
    """Whether the loop is known to end before the growth does harm."""
    high = None if rate.bounds is None else rate.bounds.high
    return rate.final is not None and high is not None and rate.final <= high
