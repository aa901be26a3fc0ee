"""detached-loss: between the weights and the loss something cuts the gradient."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.run import Run
from trainlint.semantics.facts import UNRECORDED

WORDS = {
    "compare": "a comparison cuts the gradient",
    UNRECORDED: "this is computed after the tape has stopped recording",
}


@rule("detached-loss")
def check(run: Run) -> Iterator[Mistake]:
    for cut in run.cuts:
        name = WORDS.get(cut.op) or f"`{cut.label or cut.op}` cuts the gradient"
        weights = "the weights" if cut.whole else "the weights before it"
        loss = "this term of the loss" if cut.term else "this loss"
        yield Mistake(cut, f"{name}, so {weights} that the optimizer steps learn nothing from {loss}", cut.backward, "")
