"""eval-mode-not-restored: a validation leaves the network in evaluation mode, and training goes on in it."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run
from trainlint.semantics.evidence import Step
from trainlint.semantics.libraries import short


@rule("eval-mode-not-restored")
def check(run: Run) -> Iterator[Mistake]:
    for each in run.passes:
        switch = each.left_in_evaluation
        if each.trained and each.learned and switch is not None and each.modal is not None:
            name = short(each.modal.name)
            yield Mistake(
                each,
                f"training goes on in evaluation mode, in which {name} does nothing: nothing calls `train()` again",
                (Step(switch, "mode", "", "since here the network is in evaluation mode"), *each.layer("this layer")),
                "",
                fixes=unsafe("Call `train()` first", each.switched(run.code, "train", each.loop)),
            )
