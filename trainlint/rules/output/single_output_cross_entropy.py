"""single-output-cross-entropy: a choice among classes of which there is only one."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run, explain_units


@rule("single-output-cross-entropy")
def check(run: Run) -> Iterator[Mistake]:
    for loss in run.losses:
        prediction = loss.tensor
        if loss.distribution != "categorical" or prediction is None or loss.units != 1:
            continue
        yield Mistake(
            loss,
            f"{loss.name} chooses among classes, but the network has one output: the loss is 0 whatever it computes",
            explain_units(prediction),
            "this gives one output",
            fixes=unsafe("Take the loss for one output", run.mending.loss(loss, loss.for_one_unit)),
        )
