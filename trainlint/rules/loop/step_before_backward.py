"""step-before-backward: the optimizer steps before the turn has computed its gradients, which are cleared later."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run


@rule("step-before-backward")
def check(run: Run) -> Iterator[Mistake]:
    for update in run.updates:
        if (wiped := update.wiped) and not wiped.late:
            yield Mistake(
                update,
                "the optimizer steps before `backward` has computed any gradients: those of the last turn are cleared",
                wiped.steps,
                "",
                fixes=unsafe("Step after `backward`", wiped.stepped_after(run.code, update.place)),
            )
    for order in run.orders:
        if order.premature is not None:
            update, backward = order.premature
            yield Mistake(
                update,
                "the optimizer steps before `backward` has computed any gradients: it gets those of the turn before",
                backward,
                "",
            )
