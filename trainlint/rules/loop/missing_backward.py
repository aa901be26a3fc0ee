"""missing-backward: the optimizer steps again and again, and no gradient ever reaches its weights."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.run import Run
from trainlint.semantics.evidence import Step


@rule("missing-backward")
def check(run: Run) -> Iterator[Mistake]:
    for order in run.orders:
        if any(each.made is order.made for each in run.detached):
            continue
        if order.backwards or order.may_flow or run.gradients.involve(order.made.owners):
            continue
        if order.moving is not None and order.used is not None:
            yield Mistake(
                order.moving,
                "the optimizer steps, but `backward` is never called on the loss: there are no gradients",
                (Step(order.used, "loss", "", "this should go backward"),),
                "",
            )
