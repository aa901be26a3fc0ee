"""missing-dropout: many dense weights see the same data again and again, and nothing stands against overfitting."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.run import Run, Training
from trainlint.semantics.evidence import Step

WEIGHTS, EPOCHS, LAYERS = 100_000, 10, 2
SHOWN = 3  # layers


@rule("missing-dropout")
def check(run: Run) -> Iterator[Mistake]:
    for training in run.trainings:
        epochs = training.epochs
        if epochs is None or epochs < EPOCHS or len(training.layers) < LAYERS or training.dense < WEIGHTS:
            continue
        if not training.guarded and training.supervised:
            yield Mistake(
                training,
                f"{training.dense:,} dense weights learn the same data for {epochs:,.0f} epochs, "
                "and nothing keeps them from learning the data by heart",
                tuple(_evidence(training, epochs)),
                "",
            )


def _evidence(training: Training, epochs: float) -> Iterator[Step]:
    for layer in training.layers[:SHOWN]:
        if layer.place is not None and layer.dense:
            yield Step(layer.place, "made", layer.name, f"{layer.dense:,} weights in this layer")
    for step in training.counted():
        yield Step(step.place, step.op, step.label, f"{epochs:,.0f} epochs")
