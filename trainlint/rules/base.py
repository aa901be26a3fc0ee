"""What a rule is: a generator over the facts of a run, registered under its name."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator

from attrs import frozen

from trainlint.model import Fix, Safety
from trainlint.run import Subject
from trainlint.run.code import Edits
from trainlint.semantics.evidence import Step
from trainlint.semantics.values import Place

Check = Callable[..., Iterator["Mistake"]]  # of a `Run`, and of the rule's options by name
_CHECKS: dict[str, Check] = {}


@frozen
class Mistake:
    """What a rule saw: what it speaks about, the words, the evidence, and which severity case applies.

    The evidence begins with the maker of what is wrong, of which ``maker_says`` tells; the rest handed it on. ``at`` is
    where the finding lies if that is not where its subject does. ``fixes`` are what would mend it.
    """

    about: Subject
    message: str
    evidence: tuple[Step, ...]
    maker_says: str
    case: str = "default"
    at: Place | None = None
    fixes: tuple[Fix, ...] = ()


def safe(title: str, *changes: Edits) -> tuple[Fix, ...]:
    """A fix that keeps the behaviour or is the only possible meaning, if all of its changes can be made."""
    return _fix(title, Safety.SAFE, changes)


def unsafe(title: str, *changes: Edits) -> tuple[Fix, ...]:
    """A fix that changes training, if all of its changes can be made."""
    return _fix(title, Safety.UNSAFE, changes)


def _fix(title: str, safety: Safety, changes: tuple[Edits, ...]) -> tuple[Fix, ...]:
    if not all(changes):
        return ()
    return (Fix(title, safety, tuple(edit for change in changes for edit in change)),)


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
