"""always-on-dropout: a function drops values of a network, and evaluation does not turn it off."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule, safe
from trainlint.run import Run


@rule("always-on-dropout")
def check(run: Run) -> Iterator[Mistake]:
    for each in run.always_on:
        why = "it is told to, whatever the mode" if each.written else "nothing tells it whether the network is trained"
        fixes = safe("Drop in training alone", run.mending.told_mode(each.place))
        yield Mistake(each, f"{each.name} goes on in evaluation: {why}", (), "", fixes=fixes)
