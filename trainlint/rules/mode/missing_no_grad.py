"""missing-no-grad: a network is evaluated as if its result were to go backward."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run


@rule("missing-no-grad")
def check(run: Run) -> Iterator[Mistake]:
    for each in run.passes:
        if each.scored and each.learned and each.builds_graph:
            yield Mistake(
                each,
                "the network is evaluated with gradients on: that costs memory and time, and nothing goes backward",
                (),
                "",
                fixes=unsafe("Turn gradients off", each.wrapped(run.code, run.mending.gradients_off(each.place))),
            )
