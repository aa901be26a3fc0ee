"""softmax-over-one-unit: the exponential of one number is divided by itself."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.model import Fix
from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import LossTerm, Run, SingleUnit, Subject, explain_units


@rule("softmax-over-one-unit")
def check(run: Run) -> Iterator[Mistake]:
    for softmax in run.single_units:
        for about in softmax.about:
            yield Mistake(
                about,
                f"{softmax.name} over a single unit is {softmax.result} whatever the network computes",
                explain_units(softmax.value),
                "this gives one unit",
                at=softmax.at,
                fixes=_fixes(run, softmax, about),
            )


def _fixes(run: Run, softmax: SingleUnit, about: Subject) -> tuple[Fix, ...]:
    """A sigmoid, if that unit is what a loss judges; within a network another axis may be meant."""
    if softmax.result != "1" or not isinstance(about, LossTerm) or about.distribution == "categorical":
        return ()
    return unsafe("Take a sigmoid", run.mending.replaced(softmax.at, "sigmoid"))
