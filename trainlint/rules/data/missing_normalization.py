"""missing-normalization: data as raw as its source gave it meets the first weights of a network that is trained."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.rules.data import _words
from trainlint.run import Run

FAR = 30.0  # from zero: what the usual initial weights are not made for


@rule("missing-normalization")
def check(run: Run) -> Iterator[Mistake]:
    for each in run.inputs:
        if not each.scale.raw or each.doubtful or max(each.reach.hi, -each.reach.lo) < FAR:
            continue
        if not each.trained or each.levelled:
            continue
        yield Mistake(
            each,
            f"the network is trained on values in {_words.spread(each.scale)}: nothing scales them before {each.layer}",
            each.evidence(f"{each.layer} takes it as it is"),
            _words.source(each),
        )
