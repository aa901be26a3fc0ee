"""softmax-with-binary-loss: the shares of one choice meet a loss that asks of each unit by itself."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Activation, Run, explain_units
from trainlint.semantics.evidence import Step


@rule("softmax-with-binary-loss")
def check(run: Run) -> Iterator[Mistake]:
    for loss in run.losses:
        prediction, made = loss.tensor, loss.activation
        if loss.distribution != "bernoulli" or loss.wants != "probabilities" or loss.imitates or not loss.minimised:
            continue
        if prediction is None or prediction.content != "probabilities" or made is None or (made.units or 0) <= 2:
            continue
        yield Mistake(
            loss,
            f"{loss.name} asks of each of {made.units} outputs by itself, but they are the shares of one choice",
            (*loss.explain("content"), *_counted(made)),
            f"{made.label} makes the outputs share 1",
            fixes=unsafe("Take the loss for one choice", *run.mending.for_choice(loss, made.node)),
        )


def _counted(made: Activation) -> Iterator[Step]:
    for step in explain_units(made.value, -1 if made.axis is None else made.axis):
        yield evolve(step, says=f"this gives {made.units} outputs")
