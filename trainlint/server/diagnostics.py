"""Findings as the diagnostics of the protocol."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from lsprotocol import types

from trainlint.model import Finding, Note, Severity, Span
from trainlint.rules.catalogue import catalogue
from trainlint.rules.file import unused_ignore

SOURCE = "trainlint"
Locate = Callable[[Span], "types.Location | None"]
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


def diagnostic(
    finding: Finding, fingerprint: str, range: types.Range, locate: Locate, *, related: bool
) -> types.Diagnostic:
    """The diagnostic of a finding at ``range``.

    Where the client shows no ``related`` places, they are told in the message.
    """
    places = [(note, location) for note in finding.related if (location := locate(note.span)) is not None]
    message = finding.message
    if not related:
        message += "".join(f"\n{_where(note, location)}" for note, location in places)
    return types.Diagnostic(
        range=range,
        message=message,
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=types.CodeDescription(catalogue()[finding.rule].url),
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if finding.rule == unused_ignore.NAME else None,
        related_information=[types.DiagnosticRelatedInformation(location, note.message) for note, location in places]
        if related
        else None,
        data={
            "rule": finding.rule,
            "fingerprint": fingerprint,
            "fixes": [{"title": fix.title, "safety": fix.safety.value} for fix in finding.fixes],
        },
    )


def _where(note: Note, location: types.Location) -> str:
    return f"{note.span.path}:{location.range.start.line + 1}: {note.message}"


def identity(diagnostics: Sequence[types.Diagnostic]) -> str:
    """The result id of a list of diagnostics: equal lists, equal ids."""
    return hashlib.blake2b(repr(diagnostics).encode("utf-8", "replace"), digest_size=12).hexdigest()
