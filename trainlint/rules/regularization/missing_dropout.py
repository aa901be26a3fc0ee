"""missing-dropout: many dense weights see the same data again and again, and nothing stands against overfitting."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.model import Fix
from trainlint.rules.base import Mistake, rule, unsafe
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
                fixes=_fixes(run, training),
            )


def _fixes(run: Run, training: Training) -> tuple[Fix, ...]:
    """A dropout before the last dense layer, if all of these are items of one chain."""
    places = [layer.place for layer in training.layers if layer.place is not None and layer.dense]
    last = run.mending.last_of_chain(places)
    if last is None:
        return ()
    return unsafe("Drop half of what the last layer is given", run.mending.layer_before(last, "dropout", "0.5"))


def _evidence(training: Training, epochs: float) -> Iterator[Step]:
    for layer in training.layers[:SHOWN]:
        if layer.place is not None and layer.dense:
            yield Step(layer.place, "made", layer.name, f"{layer.dense:,} weights in this layer")
    for step in training.counted():
        yield Step(step.place, step.op, step.label, f"{epochs:,.0f} epochs")
