"""What a rule is: a generator over the facts of a run, registered under its name."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator

from attrs import frozen

from trainlint.run import Subject
from trainlint.semantics.evidence import Step
from trainlint.semantics.values import Place

Check = Callable[..., Iterator["Mistake"]]  # of a `Run`, and of the rule's options by name
_CHECKS: dict[str, Check] = {}


@frozen
class Mistake:
    """What a rule saw: what it speaks about, the words, the evidence, and which severity case applies.

    The evidence begins with the maker of what is wrong, of which ``maker_says`` tells; the rest handed it on. ``at`` is
    where the finding lies if that is not where its subject does.
    """

    about: Subject
    message: str
    evidence: tuple[Step, ...]
    maker_says: str
    case: str = "default"
    at: Place | None = None


def rule(name: str) -> Callable[[Check], Check]:
    """Register a check under the name of its entry in ``rules.yaml``."""

    def register(check: Check) -> Check:
        _CHECKS[name] = check
        return check

    return register


def check_of(group: str, name: str) -> Check:
    """The check of a rule, imported when it is first needed."""
    if name not in _CHECKS:
        importlib.import_module(f"trainlint.rules.{group}.{name.replace('-', '_')}")
    return _CHECKS[name]
