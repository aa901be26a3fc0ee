"""What one check has found, per open document."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen
from lsprotocol.types import Diagnostic

from trainlint.engine.results import Inferred
from trainlint.model import Finding
from trainlint.server.sheets import Sheet


@frozen
class Found:
    """A finding, and the same as the client knows it."""

    finding: Finding
    diagnostic: Diagnostic
    fingerprint: str = ""


@frozen
class View:
    """A document or cell with what was found in it; ``id`` changes with any of that."""

    sheet: Sheet
    found: tuple[Found, ...]
    id: str
    inferred: tuple[Inferred, ...] = ()

    @property
    def diagnostics(self) -> list[Diagnostic]:
        return [found.diagnostic for found in self.found]


@frozen
class Outcome:
    """The result of the check of one snapshot."""

    revision: int
    views: Mapping[str, View] = field(factory=dict)
    """By URI."""
    failures: tuple[str, ...] = ()
    tracebacks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What was left out because of its size."""
