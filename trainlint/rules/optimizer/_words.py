"""What the rules about learning rates say alike."""

from __future__ import annotations

from trainlint.run import Rate
from trainlint.semantics.intervals import number_text


def reached(rate: Rate, number: float) -> str:
    """What the rate comes to, and how."""
    text = number_text(number)
    if rate.way == "peak":
        return f"the learning rate of the schedule peaks at {text}"
    if rate.given is not None and rate.given != number:
        return f"the schedule turns the learning rate of {number_text(rate.given)} into {text}"
    return f"the learning rate is set to {text}" if rate.way == "written" else f"the learning rate is {text}"
