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


def written(rate: Rate) -> str:
    """What to say of the place where the number was written."""
    setting = rate.setting
    if setting is not None:
        return f"the default of {setting.label}" if setting.label else "its default"
    return "it is computed from this number" if rate.computed else "the number was written here"
