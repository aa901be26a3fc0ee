"""regression-loss-for-classification: probabilities are compared with labels as if they were measurements."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.run import Run
from trainlint.semantics.evidence import Step, is_hidden
from trainlint.semantics.primitives import PROBABILITIES


@rule("regression-loss-for-classification")
def check(run: Run) -> Iterator[Mistake]:
    for loss in run.losses:
        prediction = loss.tensor
        if loss.wants != "number" or prediction is None or prediction.content not in PROBABILITIES:
            continue
        if loss.imitates or not loss.minimised:
            continue
        labels, made = loss.labels, loss.activation
        if labels is None or made is None:
            continue
        steps = loss.explain("content")
        if labels.place is not None and not is_hidden(labels.place):
            steps += (Step(labels.place, labels.op, labels.label, "the target is the labels of classes"),)
        yield Mistake(
            loss,
            f"{loss.name} compares probabilities with labels of classes: where the network is surely wrong, "
            "it hardly learns",
            steps,
            f"{made.label} makes probabilities",
        )
