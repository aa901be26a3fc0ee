"""What the rules about learning rates say alike."""

from __future__ import annotations

from trainlint.run import Rate
from trainlint.semantics.intervals import number_text


def climbed(rate: Rate, reached: float) -> str:
    """How the rate came to what it reaches."""
    if rate.way == "peak":
        return "of the schedule peaks at"
    if rate.given is not None and rate.given != reached:
        return f"of {number_text(rate.given)} becomes by its schedule"
    return "is set to" if rate.way == "written" else "is"


def written(rate: Rate) -> str:
    """What to say of the place where the number was written."""
    return f"the number of {rate.source}" if rate.source else "the number was written here"
