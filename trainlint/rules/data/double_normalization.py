"""double-normalization: data is scaled a second time, or with the numbers of another scale."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.model import Fix
from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.rules.data import _words
from trainlint.run import Input, Run
from trainlint.semantics import rescaling
from trainlint.semantics.evidence import Step
from trainlint.semantics.rescaling import Rescaling
from trainlint.semantics.values import Place


@rule("double-normalization")
def check(run: Run) -> Iterator[Mistake]:
    for each in run.inputs:
        for step in each.rescalings:
            place = each.seen(step)
            words = _wrong(each, step)
            if words and place is not None and not each.doubtful:
                evidence = tuple(one for one in _evidence(each, step) if one.place != place)
                yield Mistake(each, words, evidence, _words.source(each), at=place, fixes=_fixes(run, step, place))
                break


def _fixes(run: Run, step: Rescaling, place: Place) -> tuple[Fix, ...]:
    return unsafe("Scale only once", run.mending.unscaled(place)) if step.is_needless else ()


def _evidence(each: Input, wrong: Rescaling) -> Iterator[Step]:
    """The way of the data, and the steps that scaled it before."""
    way = each.evidence(f"so it reaches {each.layer}")
    yield from way[:1]
    for step in each.rescalings[: each.rescalings.index(wrong)]:
        place = each.seen(step)
        if place is not None:
            yield Step(place, "scaled", step.label, f"this brings them to {_words.spread(step.after)}")
    yield from way[1:]


def _wrong(each: Input, step: Rescaling) -> str:
    """What is wrong with a step, if it still shows in what the network gets."""
    if step.is_needless and rescaling.is_lost(each.scale):
        before, after = _words.spread(step.before), _words.spread(step.after)
        return f"{step.label} scales values in {before} once more, to {after}"
    if step.is_blown_up and rescaling.is_far(each.scale):
        before, after = _words.spread(step.before), _words.spread(step.after)
        return f"{step.label} is made for values between 0 and 1; these are in {before}, and it takes them to {after}"
    return ""
