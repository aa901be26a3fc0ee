"""softmax-before-cross-entropy: probabilities meet a loss that applies softmax itself."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run


@rule("softmax-before-cross-entropy")
def check(run: Run) -> Iterator[Mistake]:
    for loss in run.losses:
        prediction = loss.tensor
        if loss.applies != "softmax" or prediction is None:
            continue
        maker = loss.maker("content")
        label = maker.label if maker is not None else "softmax"
        if prediction.content == "probabilities":
            yield Mistake(
                loss,
                f"{loss.name} applies softmax itself, but the prediction already is probabilities",
                loss.explain("content"),
                f"{label} makes probabilities",
                fixes=unsafe(f"Remove {label}", run.mending.without(maker)),
            )
        elif prediction.content == "log-probabilities":
            yield Mistake(
                loss,
                f"{loss.name} applies log-softmax itself; the prediction already is log-probabilities",
                loss.explain("content"),
                f"{label} makes log-probabilities",
                case="log-softmax",
                fixes=unsafe(f"Remove {label}", run.mending.without(maker)),
            )
