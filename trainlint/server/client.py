"""What the client can do, as far as answers depend on it."""

from __future__ import annotations

from attrs import frozen
from lsprotocol import types


@frozen
class Client:
    """The capabilities that matter."""

    pulls: bool = False
    """It asks for diagnostics; nothing is pushed to it."""
    pulls_cells: bool = False
    """It asks for those of notebook cells too."""
    refreshes: bool = False
    """It asks again when it is told to."""
    related: bool = False
    """It shows related places."""
    versioned_edits: bool = False
    watches: bool = False
    """It can be asked to watch files."""
    configures: bool = False
    """It can be asked for its settings."""
    shows_documents: bool = False
    resolves_edits: bool = False
    """It asks for the edit of an action when the action is chosen."""
    lets_begin_progress: bool = False
    refreshes_hints: bool = False
    link_tooltips: bool = False

    @classmethod
    def of(cls, capabilities: types.ClientCapabilities) -> Client:
        text = capabilities.text_document or types.TextDocumentClientCapabilities()
        workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
        pull, push = text.diagnostic, text.publish_diagnostics
        edit, window = workspace.workspace_edit, capabilities.window
        action, hint = text.code_action, workspace.inlay_hint
        resolving = action and action.resolve_support
        watching, refreshing = workspace.did_change_watched_files, workspace.diagnostics
        return cls(
            pulls=pull is not None,
            pulls_cells=pull is not None and _is_recent(pull),
            refreshes=bool(refreshing and refreshing.refresh_support),
            related=bool((push and push.related_information) or (pull and pull.related_information)),
            versioned_edits=bool(edit and edit.document_changes),
            watches=bool(watching and watching.dynamic_registration),
            configures=bool(workspace.configuration),
            shows_documents=bool(window and window.show_document and window.show_document.support),
            resolves_edits=bool(resolving and "edit" in resolving.properties and action and action.data_support),
            lets_begin_progress=bool(window and window.work_done_progress),
            refreshes_hints=bool(hint and hint.refresh_support),
            link_tooltips=bool(text.document_link and text.document_link.tooltip_support),
        )


def _is_recent(pull: types.DiagnosticClientCapabilities) -> bool:
    """Whether these are the capabilities of vscode-languageclient 10 or later: version 9 pulls files, but no cells."""
    parts = (pull.related_information, pull.tag_support, pull.code_description_support, pull.data_support)
    return any(part is not None for part in parts)
