"""relu-before-regression: a prediction that can never be negative meets a loss over all numbers."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run
from trainlint.semantics.intervals import UNIT
from trainlint.semantics.values import Tensor

_POSITIVE_MEANT = frozenset({"spread", "bounded"})  # norms and distances: nobody expects them below zero
_RELUS = frozenset({"relu", "rectified", "clamp"})


@rule("relu-before-regression")
def check(run: Run) -> Iterator[Mistake]:
    for loss in run.losses:
        prediction = loss.tensor
        if loss.wants != "number" or prediction is None or prediction.content:
            continue
        if prediction.range.lo != 0 or prediction.range.lo_open or prediction.range.hi == 0:
            continue
        if loss.target_range is not None and loss.target_range.lo >= 0:
            continue
        maker, made = loss.maker("range"), loss.made("range")
        if maker is None or maker.op in _POSITIVE_MEANT or (isinstance(made, Tensor) and made.range.within(UNIT)):
            continue
        yield Mistake(
            loss,
            f"the prediction lies in {prediction.range}, but {loss.name} compares it with any number",
            loss.explain("range"),
            f"{maker.label} leaves nothing below zero",
            fixes=unsafe(f"Remove {maker.label}", run.mending.without(maker)) if maker.op in _RELUS else (),
        )
