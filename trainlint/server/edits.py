"""Edits in the terms of the protocol, for the versions that were checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lsprotocol import types

from trainlint.model import Edit
from trainlint.server.mending import Change
from trainlint.server.outcome import Outcome, View
from trainlint.server.positions import units
from trainlint.server.sheets import Sheet

_END = re.compile(r"\r\n|\n|\r")
Placed = tuple[str, "int | None", types.TextEdit]  # URI, version, edit


def of_finding(outcome: Outcome, view: View, edits: Sequence[Edit], *, versioned: bool) -> types.WorkspaceEdit | None:
    """The edits of a finding in a document; None if one lies in a document that is not open."""
    placed: list[Placed] = []
    for edit in edits:
        sheet = _sheet(outcome, view, edit)
        if sheet is None:
            return None
        change = types.TextEdit(sheet.range(edit.span.start, edit.span.end), edit.content)
        placed.append((sheet.uri, sheet.version, change))
    return workspace_edit(placed, versioned=versioned)


def of_changes(changes: Iterable[Change], encoding: str, *, versioned: bool) -> types.WorkspaceEdit:
    """Changes of whole lines."""
    placed = []
    for change in changes:
        text = change.held.content
        range = types.Range(_line(text, change.first, encoding), _line(text, change.last, encoding))
        placed.append((change.held.uri, change.held.version, types.TextEdit(range, change.content)))
    return workspace_edit(placed, versioned=versioned)


def workspace_edit(placed: Iterable[Placed], *, versioned: bool) -> types.WorkspaceEdit:
    """One edit of several documents; with their versions if the client understands them."""
    changes: dict[str, list[types.TextEdit]] = {}
    versions: dict[str, int | None] = {}
    for uri, version, edit in placed:
        changes.setdefault(uri, []).append(edit)
        versions[uri] = version
    if not versioned:
        return types.WorkspaceEdit(changes={uri: list(parts) for uri, parts in changes.items()})
    documents = [
        types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, versions[uri]), list(parts))
        for uri, parts in changes.items()
    ]
    return types.WorkspaceEdit(document_changes=documents)


def _line(text: str, number: int, encoding: str) -> types.Position:
    """Where a line begins; after the last one, where the text ends."""
    starts = [0, *(found.end() for found in _END.finditer(text))]
    if number < len(starts):
        return types.Position(number, 0)
    return types.Position(len(starts) - 1, units(text[starts[-1] :].encode("utf-8", "replace"), encoding))


def _sheet(outcome: Outcome, view: View, edit: Edit) -> Sheet | None:
    """The open document in which an edit lies, seen from a finding in another one of the same folder."""
    for each in outcome.views.values():
        sheet = each.sheet
        here = sheet.root == view.sheet.root and sheet.source.path == edit.span.path
        if here and sheet.holds(edit.span.start):
            return sheet
    return None
