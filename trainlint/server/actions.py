"""Code actions: mend a finding, let a comment silence it, explain its rule; mend all that is safe.

Findings are known by the data of their diagnostics, and by range for clients that send these back without.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lsprotocol import types

from trainlint.model import Safety
from trainlint.server.comments import ignoring
from trainlint.server.edits import of_finding
from trainlint.server.outcome import Found, Outcome, View

EXPLAIN = "trainlint.explain"
FIX_ALL = "source.fixAll.trainlint"
NOTEBOOK_FIX_ALL = "notebook.source.fixAll.trainlint"
KINDS = (types.CodeActionKind.QuickFix.value, FIX_ALL, NOTEBOOK_FIX_ALL)


def actions(
    outcome: Outcome, view: View, range: types.Range, context: types.CodeActionContext, *, versioned: bool
) -> list[types.CodeAction]:
    """What can be done about the findings that a range touches, or about those that the client names."""
    only = context.only
    if not asked_for(types.CodeActionKind.QuickFix.value, only):
        return []
    named = {each for shown in context.diagnostics if (each := _fingerprint(shown.data)) is not None}
    chosen = [found for found in view.found if found.fingerprint in named]
    start, end = view.sheet.span(range)
    touched = [found for found in view.found if found.finding.span.start <= end and start <= found.finding.span.end]
    return [action for found in chosen or touched for action in _about(outcome, view, found, versioned)]


def fix_all(outcome: Outcome, view: View, only: Sequence[str] | None, *, is_cell: bool) -> list[types.CodeAction]:
    """The actions that apply every safe fix of a document, still without the edits; none if there is no such fix."""
    if not any(_is_mendable(each, view) for each in outcome.views.values()):
        return []
    kinds = (FIX_ALL, NOTEBOOK_FIX_ALL) if is_cell else (FIX_ALL,)
    data = {"uri": view.sheet.uri, "version": view.sheet.version}
    return [
        types.CodeAction(title="Apply all safe fixes of trainlint", kind=kind, data=data)
        for kind in kinds
        if asked_for(kind, only)
    ]


def asked_for(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a kind that was asked for is this one or one above it."""
    asked = None if only is None else [str(getattr(each, "value", each)) for each in only]
    return asked is None or any(not each or kind == each or kind.startswith(f"{each}.") for each in asked)


def _is_mendable(each: View, view: View) -> bool:
    """Whether a view has a safe fix that changes the file of another one."""
    return each.sheet.root == view.sheet.root and any(
        fix.safety is Safety.SAFE and any(edit.span.path == view.sheet.source.path for edit in fix.edits)
        for found in each.found
        for fix in found.finding.fixes
    )


def _fingerprint(data: Any) -> str | None:
    found = data.get("fingerprint") if isinstance(data, dict) else getattr(data, "fingerprint", None)
    return found if isinstance(found, str) else None


def _about(outcome: Outcome, view: View, found: Found, versioned: bool) -> Iterator[types.CodeAction]:
    finding = found.finding
    for fix in finding.fixes:
        edit = of_finding(outcome, view, fix.edits, versioned=versioned)
        if edit is not None:
            title = fix.title if fix.safety is Safety.SAFE else f"{fix.title} (changes training)"
            yield _action(title, found, edit=edit, preferred=fix.safety is Safety.SAFE)
    comment = ignoring(view.sheet.source, finding)
    if comment is not None:
        edit = of_finding(outcome, view, (comment,), versioned=versioned)
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
