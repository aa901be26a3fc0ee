"""What a check of one unit depends on beside its sources, and what it gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from trainlint.model import Finding, Span

Where = tuple[str, int, int]
"""The place of a function: path, number of the statement, number of the node in it."""


@frozen
class UnitOptions:
    """What a check of one unit depends on beside its sources.

    Without ``assume`` only what the script itself runs is judged; without ``fuel`` it has the usual amount. ``infer``
    asks for what was worked out about expressions too.
    """

    rules: frozenset[str]
    options: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    knowledge: tuple[str, ...] = ()
    fuel: int | None = None
    assume: bool = True
    infer: bool = False


@frozen
class Inferred:
    """What is known of the expression at ``span``, in a few words and in a sentence."""

    span: Span
    says: str
    sentence: str


@frozen
class Reported:
    """A finding, and the function whose assumed run yielded it, if one did."""

    finding: Finding
    assumed: Where | None = None
    about: Any = field(default=None, eq=False)  # where its subject lies; only while the unit is judged


@frozen
class Result:
    """The findings of a unit, the functions that real calls entered, and remarks for ``-v``.

    ``failures`` are the rules that raised an error, each with a traceback.
    """

    findings: tuple[Reported, ...] = ()
    entered: frozenset[Where] = frozenset()
    notes: tuple[str, ...] = ()
    inferred: tuple[Inferred, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()


@frozen
class About:
    """The findings about a file itself, and remarks on what is too large in it."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class Task:
    """A unit that is to be checked."""

    path: str
    options: UnitOptions


Question = tuple[str, str, str]
"""Something that was asked of the project: its kind, of what path, and the answer."""


@frozen
class Outcome:
    """The result of a unit and what is said of its root file, with all that both rest on; or why there is none."""

    result: Result | None = None
    about: About = About()
    rests: frozenset[Question] = frozenset()
    failure: str = ""
    traceback: str = ""


def listing(names: frozenset[str] | None) -> str:
    """What a folder holds as the answer to a question."""
    return json.dumps(None if names is None else sorted(names))
