"""hand-rolled-softmax: exponentials of something without an upper bound are divided by their own sum."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.run import Run
from trainlint.semantics.evidence import maker
from trainlint.semantics.intervals import INFINITY


@rule("hand-rolled-softmax")
def check(run: Run) -> Iterator[Mistake]:
    for softmax in run.softmaxes:
        reach = softmax.exponent.reach
        if reach is None or reach.hi != INFINITY:
            continue
        made = maker(softmax.exponent, "reach")
        label = made.label if made is not None and "." in made.label else "this"
        shifted = (
            "subtract the maximum first" if softmax.instead is None else f"{softmax.instead} subtracts the maximum"
        )
        yield Mistake(
            softmax,
            f"a softmax by hand: exp overflows on what reaches {reach}, and ∞ / ∞ is not a number; {shifted}",
            softmax.explain(),
            f"{label} has no upper bound",
            case="into-loss" if softmax.judged else "after-relu" if softmax.after_relu else "default",
        )
