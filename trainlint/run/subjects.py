"""What a finding is about."""

from __future__ import annotations

from attrs import frozen

from trainlint.semantics.values import Condition, Place


@frozen(eq=False, kw_only=True)
class Subject:
    """What a finding is about: where it lies, in which call, and what the path to it assumes.

    ``chosen`` are the conditions that pick this alternative of a value among others; ``assumed`` is the function whose
    assumed run it was seen in.
    """

    place: Place
    call: Place
    conditions: tuple[Condition, ...]
    chosen: tuple[Condition, ...] = ()
    assumed: Place | None
    exceptional: bool
