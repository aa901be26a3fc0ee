"""optimizer-in-loop: each turn makes a new optimizer for the same weights, which knows nothing of the last one."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.run import Run


@rule("optimizer-in-loop")
def check(run: Run) -> Iterator[Mistake]:
    for order in run.orders:
        if order.renewed is not None:
            yield Mistake(
                order,
                "a new optimizer is made in each turn: what it has gathered about the gradients is lost",
                order.renewed,
                "",
            )
