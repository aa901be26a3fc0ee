"""The nearest known name, for every message about an unknown one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` is most likely a misspelling of, or None if none is close."""
    spelt = {candidate.lower().replace("_", "-"): candidate for candidate in sorted(known)}
    close = difflib.get_close_matches(name.lower().replace("_", "-"), spelt, n=1, cutoff=0.6)
    return spelt[close[0]] if close else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """`; did you mean "…"?` or nothing, to be appended to a message."""
    match = nearest(name, known)
    return f"; did you mean `{match}`?" if match else ""
