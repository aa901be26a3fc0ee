"""sigmoid-with-categorical-loss: units that are judged each by itself meet a loss that chooses one of them."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run

_INDEPENDENT = {"probabilities": "binary", "logits": "binary", "log-probabilities": "log-binary"}


@rule("sigmoid-with-categorical-loss")
def check(run: Run) -> Iterator[Mistake]:
    for loss in run.losses:
        prediction, made = loss.tensor, loss.activation
        if loss.distribution != "categorical" or loss.imitates or not loss.minimised:
            continue
        if prediction is None or made is None or prediction.content != _INDEPENDENT.get(loss.wants):
            continue
        yield Mistake(
            loss,
            f"{loss.name} chooses one of several classes, but each output is a probability of its own",
            loss.explain("content"),
            f"{made.label} looks at each output by itself",
            fixes=unsafe(f"Remove {made.label}", run.mending.without(made.node))
            if loss.wants == "logits"
            else unsafe("Take a softmax", run.mending.replaced(made.node.place, "softmax")),
        )
