"""Code actions: mend a finding, let a comment silence it, explain its rule.

They are found by range among our own findings: some clients send diagnostics back without code or data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from trainlint.model import Edit, Safety
from trainlint.server.comments import ignoring
from trainlint.server.outcome import Found, Outcome, View
from trainlint.server.sheets import Sheet

EXPLAIN = "trainlint.explain"


def actions(
    outcome: Outcome, view: View, range: types.Range, only: Sequence[str] | None, *, versioned: bool
) -> list[types.CodeAction]:
    """What can be done about the findings that a range touches."""
    start, end = view.sheet.span(range)
    made = [
        action
        for found in view.found
        if found.finding.span.start <= end and start <= found.finding.span.end
        for action in _about(outcome, view, found, versioned)
    ]
    return [action for action in made if _asked_for(action, only)]


def _about(outcome: Outcome, view: View, found: Found, versioned: bool) -> Iterator[types.CodeAction]:
    finding = found.finding
    for fix in finding.fixes:
        edit = _workspace_edit(outcome, view, fix.edits, versioned)
        if edit is not None:
            title = fix.title if fix.safety is Safety.SAFE else f"{fix.title} (changes training)"
            yield _action(title, found, edit=edit, preferred=fix.safety is Safety.SAFE)
    comment = ignoring(view.sheet.source, finding)
    if comment is not None:
        edit = _workspace_edit(outcome, view, (comment,), versioned)
        if edit is not None:
            yield _action(f"Ignore {finding.rule} here, with a reason", found, edit=edit)
    command = types.Command(f"Explain {finding.rule}", EXPLAIN, arguments=[finding.rule])
    yield _action(command.title, found, command=command)


def _action(
    title: str,
    found: Found,
    *,
    edit: types.WorkspaceEdit | None = None,
    command: types.Command | None = None,
    preferred: bool | None = None,
) -> types.CodeAction:
    return types.CodeAction(
        title=title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[found.diagnostic],
        is_preferred=preferred or None,
        edit=edit,
        command=command,
    )


def _asked_for(action: types.CodeAction, only: Sequence[str] | None) -> bool:
    """Whether a kind that was asked for is the action's or one above it."""
    kind = str(getattr(action.kind, "value", action.kind))
    return only is None or any(not each or kind == each or kind.startswith(f"{each}.") for each in only)


def _workspace_edit(outcome: Outcome, view: View, edits: Sequence[Edit], versioned: bool) -> types.WorkspaceEdit | None:
    """Edits by document, for the versions that were checked; None if one lies in a document that is not open."""
    changes: dict[str, list[types.TextEdit]] = {}
    versions: dict[str, int | None] = {}
    for edit in edits:
        sheet = _sheet(outcome, view, edit)
        if sheet is None:
            return None
        changes.setdefault(sheet.uri, []).append(
            types.TextEdit(sheet.range(edit.span.start, edit.span.end), edit.content)
        )
        versions[sheet.uri] = sheet.version
    if not versioned:
        return types.WorkspaceEdit(changes={uri: list(parts) for uri, parts in changes.items()})
    documents = [
        types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, versions[uri]), list(parts))
        for uri, parts in changes.items()
    ]
    return types.WorkspaceEdit(document_changes=documents)


def _sheet(outcome: Outcome, view: View, edit: Edit) -> Sheet | None:
    """The open document in which an edit lies, seen from a finding in another one of the same folder."""
    for each in outcome.views.values():
        sheet = each.sheet
        here = sheet.root == view.sheet.root and sheet.source.path == edit.span.path
        if here and sheet.holds(edit.span.start):
            return sheet
    return None
