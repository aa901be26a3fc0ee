"""nll-without-log-softmax: NLLLoss meets anything but log-probabilities."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run
from trainlint.semantics.primitives import LOG_PROBABILITIES, PROBABILITIES


@rule("nll-without-log-softmax")
def check(run: Run) -> Iterator[Mistake]:
    for loss in run.losses:
        prediction = loss.tensor
        if loss.wants != "log-probabilities" or prediction is None or prediction.content in LOG_PROBABILITIES:
            continue
        probabilities = prediction.content in PROBABILITIES
        reached = prediction.reach if prediction.reach is not None and prediction.reach.hi > 0 else None
        if reached is None and prediction.range.lo >= 0 and not prediction.range.is_point:
            reached = prediction.range  # wherever it lies in there, it is no logarithm of a probability
        if not probabilities and reached is None:
            continue
        name = "content" if probabilities else "reach" if reached is prediction.reach else "range"
        maker = loss.maker(name)
        what = "probabilities" if probabilities else f"any number in {reached}"
        yield Mistake(
            loss,
            f"{loss.name} wants log-probabilities, but the prediction is {what}",
            loss.explain(name),
            f"{maker.label if maker is not None else 'this'} gives {what}",
            fixes=unsafe(
                "Take the logarithm too", run.mending.replaced(None if maker is None else maker.place, "log_softmax")
            )
            if probabilities
            else unsafe("Take the loss for logits", run.mending.loss(loss, loss.with_logits)),
        )
