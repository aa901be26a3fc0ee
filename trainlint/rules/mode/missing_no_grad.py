"""missing-no-grad: a network is evaluated as if its result were to go backward."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.run import Run
from trainlint.run.passes import last


@rule("missing-no-grad")
def check(run: Run) -> Iterator[Mistake]:
    for each in last([one for one in run.passes if one.scored and one.learned and one.builds_graph]):
        yield Mistake(
            each,
            "the network is evaluated with gradients on: that costs memory and time, and nothing goes backward",
            (),
            "",
            fixes=unsafe("Turn gradients off", each.wrapped(run.code, run.mending.gradients_off(each.place))),
        )
