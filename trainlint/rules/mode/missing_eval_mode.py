"""missing-eval-mode: a network is scored while its dropout draws and its statistics move."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run
from trainlint.semantics.libraries import short


@rule("missing-eval-mode")
def check(run: Run) -> Iterator[Mistake]:
    for each in run.passes:
        if each.scored and (each.learned or each.restored) and each.in_training_mode and each.modal is not None:
            name = short(each.modal.name)
            why = "this call says that it is trained" if each.told else "nothing has called `eval()`"
            yield Mistake(
                each,
                f"the network is evaluated in training mode, and it holds {name}: {why}",
                each.layer("this layer does something else in training mode"),
                "",
                fixes=unsafe("Say that it is evaluated", each.told_otherwise(run.code))
                if each.told
                else unsafe("Call `eval()` first", each.switched(run.code, "eval", each.training)),
            )
