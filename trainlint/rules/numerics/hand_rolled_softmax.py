"""hand-rolled-softmax: exponentials of something without an upper bound are divided by their own sum."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, safe
from trainlint.run import Run
from trainlint.semantics.intervals import INFINITY


@rule("hand-rolled-softmax")
def check(run: Run) -> Iterator[Mistake]:
    for softmax in run.softmaxes:
        reach = softmax.exponent.reach
        if reach is None or reach.hi != INFINITY or softmax.only_scaled or softmax.is_free:
            continue
        instead = "subtract the maximum" if softmax.instead is None else f"{softmax.instead} subtracts the maximum"
        yield Mistake(
            softmax,
            f"a softmax by hand overflows: exp is taken of what reaches {reach}; {instead} first",
            softmax.explain(),
            f"{softmax.maker} has no upper bound",
            fixes=safe("Subtract the maximum", softmax.stabilized(run.mending)),
            case="into-loss" if softmax.judged else "after-relu" if softmax.after_relu else "default",
        )
