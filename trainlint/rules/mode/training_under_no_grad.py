"""training-under-no-grad: the pass that is to be trained runs while gradients are off."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.run import Run


@rule("training-under-no-grad")
def check(run: Run) -> Iterator[Mistake]:
    for each in run.unrecorded:
        harm = "its loss has none to send backward" if each.whole else "none of its loss comes back to it"
        yield Mistake(each, f"the network is called while gradients are off, so {harm}", each.backward, "")
