"""unbounded-learning-rate: nothing bounds the rate from above."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.rules.base import Mistake, rule
from trainlint.run import Rate, Run
from trainlint.run.scaling import MANY
from trainlint.semantics.intervals import number_text


@rule("unbounded-learning-rate")
def check(run: Run) -> Iterator[Mistake]:
    asked = None  # the call that was spoken of: one is enough for a run
    for rate in run.rates:
        if rate.grows and not _ends_in_time(rate):
            end = "" if rate.final is None else f": its loop ends at {number_text(rate.final)}"
            yield Mistake(
                rate,
                f"the learning rate grows and nothing ends its growth{end}",
                rate.explain(),
                "it starts from this number" if rate.way == "written" else "this decides how fast it grows",
            )
        elif rate.unchecked and _leaves_with_processes(rate):
            yield Mistake(
                rate,
                "the learning rate grows with the number of processes and nothing caps it: "
                f"{MANY} of them turn {number_text(rate.given or 0)} into {number_text(rate.crowded or 0)}",
                rate.source(),
                "it is multiplied by this",
            )
        elif rate.unchecked and asked in (None, rate.call) and not rate.tried and rate.way in ("given", "peak"):
            asked = rate.call
            yield Mistake(
                rate,
                f"the learning rate comes from {_named(rate)} and nothing bounds it from above",
                rate.source(),
                "read here",
                case="unchecked",
            )


def _named(rate: Rate) -> str:
    """Where it comes from: an option, a variable, a prompt."""
    label = "" if rate.setting is None else rate.setting.label.strip()
    return label if label.startswith("-") else f"`{label}`" if label else "outside of the program"


def _ends_in_time(rate: Rate) -> bool:
    """Whether the loop is known to end before the growth does harm."""
    high = None if rate.bounds is None else rate.bounds.high
    return rate.final is not None and high is not None and rate.final <= high


def _leaves_with_processes(rate: Rate) -> bool:
    """Whether it is the processes of one machine that take the rate of a deep network over the bound."""
    high = None if rate.bounds is None else rate.bounds.high
    if high is None or rate.crowded is None or rate.given is None or not (rate.network and rate.deep):
        return False
    return rate.given <= high < rate.crowded
