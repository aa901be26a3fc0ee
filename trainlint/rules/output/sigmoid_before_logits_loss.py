"""sigmoid-before-logits-loss: probabilities meet a loss that applies the sigmoid itself."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run
from trainlint.semantics.intervals import UNIT
from trainlint.semantics.primitives import PROBABILITIES

_ACTIVATIONS = frozenset({"sigmoid", "softmax"})


@rule("sigmoid-before-logits-loss")
def check(run: Run) -> Iterator[Mistake]:
    for loss in run.losses:
        prediction = loss.tensor
        if loss.applies != "sigmoid" or prediction is None:
            continue
        by_content = prediction.content in PROBABILITIES
        by_reach = prediction.reach is not None and prediction.reach.within(UNIT) and not prediction.reach.is_point
        if not by_content and not by_reach:
            continue
        name = "content" if by_content else "range"
        maker = loss.maker(name)
        label = maker.label if maker is not None else "this"
        activation = maker if maker is not None and maker.op in _ACTIVATIONS else None
        yield Mistake(
            loss,
            f"{loss.name} applies the sigmoid itself, but the prediction already lies between 0 and 1",
            loss.explain(name),
            f"{label} brings it between 0 and 1",
            fixes=unsafe(f"Remove {label}", run.mending.without(activation)),
        )
