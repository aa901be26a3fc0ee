"""missing-step: gradients are computed again and again, and the optimizer never uses them."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.run import Run
from trainlint.semantics.evidence import Step


@rule("missing-step")
def check(run: Run) -> Iterator[Mistake]:
    for order in run.orders:
        if order.flowing is not None and not order.updates and not order.may_step:
            yield Mistake(
                order.flowing,
                "the gradients are computed, but the optimizer of these weights never steps: nothing learns",
                (Step(order.place, "made", "", "this optimizer"),),
                "",
            )
