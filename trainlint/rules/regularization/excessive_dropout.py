"""excessive-dropout: a hidden layer loses so much that the probability to keep was most likely meant."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.model import Fix
from trainlint.rules.base import Mistake, rule, unsafe
from trainlint.rules.words import written
from trainlint.run import Dropout, Run
from trainlint.semantics.intervals import number_text
from trainlint.syntax.tree import Constant

HIGH, NEAR_ONE = 0.75, 0.9


@rule("excessive-dropout")
def check(run: Run) -> Iterator[Mistake]:
    for dropout in run.dropouts:
        if dropout.given is None or dropout.rate is None or dropout.swept:
            continue
        if not 0 <= dropout.given <= 1:
            yield Mistake(
                dropout, _impossible(dropout.name, dropout.given), dropout.explain(), written(dropout), "impossible"
            )
        elif dropout.rate >= HIGH and dropout.hidden:
            case = "near-one" if dropout.rate >= NEAR_ONE else "default"
            yield Mistake(
                dropout,
                _excessive(dropout, dropout.rate),
                dropout.explain(),
                written(dropout),
                case,
                fixes=_fixes(run, dropout),
            )


def _fixes(run: Run, dropout: Dropout) -> tuple[Fix, ...]:
    """The other probability, where the number stands in the call itself."""
    node = run.code.node(dropout.place)
    if not isinstance(node, Constant) or dropout.rate is None or dropout.given is None or dropout.rate == 1:
        return ()
    other = number_text(round(1 - dropout.given, 6))
    return unsafe(f"Take {other}", run.code.replace(dropout.place, other))


def _impossible(name: str, given: float) -> str:
    meant = f"; was {number_text(given / 100)} meant?" if 1 < given <= 100 else ""
    return f"{name} takes a probability, and {number_text(given)} is none{meant}"


def _excessive(dropout: Dropout, rate: float) -> str:
    kept = number_text(round(1 - rate, 6))
    if dropout.keeps:
        return f"{dropout.name} keeps only {kept} of a hidden layer"
    if rate == 1:
        return f"{dropout.name} drops all of a hidden layer: nothing is left to learn from"
    return f"{dropout.name} drops {number_text(rate)} of a hidden layer; was it meant to keep that, and drop {kept}?"
