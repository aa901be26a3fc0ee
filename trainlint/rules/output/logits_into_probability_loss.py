"""logits-into-probability-loss: an unbounded output meets a loss that wants probabilities."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.run import Run
from trainlint.semantics.intervals import UNIT
from trainlint.semantics.primitives import LOG_PROBABILITIES


@rule("logits-into-probability-loss")
def check(run: Run) -> Iterator[Mistake]:
    for loss in run.losses:
        prediction = loss.tensor
        if loss.wants != "probabilities" or prediction is None:
            continue
        logarithms = prediction.content in LOG_PROBABILITIES
        outside = prediction.reach is not None and not prediction.reach.within(UNIT)
        if not logarithms and not outside:
            continue
        name = "content" if logarithms else "reach"
        maker = loss.maker(name)
        reached = prediction.range if logarithms else prediction.reach
        yield Mistake(
            loss,
            f"{loss.name} wants probabilities in [0, 1], but the prediction reaches over {reached}",
            loss.explain(name),
            f"{maker.label if maker is not None else 'this'} gives {reached}",
        )
