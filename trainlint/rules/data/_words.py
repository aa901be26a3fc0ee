"""What the rules about the scale of data say alike."""

from __future__ import annotations

from trainlint.run import Input
from trainlint.semantics.intervals import Interval, number_text
from trainlint.semantics.values import Scale


def spread(scale: Scale) -> str:
    """What the features fill, in words."""
    low, high = min(each.lo for each in scale.features), max(each.hi for each in scale.features)
    return str(Interval(float(number_text(low)), float(number_text(high))))


def source(each: Input) -> str:
    """What to say of the place where the data comes from."""
    return f"{each.source.label} gives values in {spread(each.given)}"
