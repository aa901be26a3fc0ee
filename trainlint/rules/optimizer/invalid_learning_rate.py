"""invalid-learning-rate: zero, negative, no number, or so high that a sign is missing."""

from __future__ import annotations

import math
from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.rules.words import written
from trainlint.run import Rate, Run
from trainlint.semantics.intervals import number_text


@rule("invalid-learning-rate")
def check(run: Run) -> Iterator[Mistake]:
    for rate in run.rates:
        if reason := _reason(rate):
            yield Mistake(rate, reason, rate.explain(), written(rate))


def _reason(rate: Rate) -> str:
    given = rate.given
    if given is None or rate.grows:
        return ""
    if math.isnan(given):
        return "the learning rate is not a number"
    if given < 0:
        return f"the learning rate is negative: {number_text(given)}"
    if given == 0 and rate.way == "given" and not rate.overridden and not rate.scheduled and rate.assumed is None:
        return "the learning rate is 0 and nothing sets it later: no weight ever moves"
    never = math.inf if rate.bounds is None or rate.bounds.never is None else rate.bounds.never
    if given >= never and rate.network and not (rate.replaced or rate.scheduled or rate.tried):
        return f"the learning rate is {number_text(given)}; was {_meant(given)} meant?"
    return ""


def _meant(given: float) -> str:
    exponent = round(math.log10(given))
    return f"1e-{exponent}" if math.isclose(given, 10.0**exponent) else "a number below 1"
