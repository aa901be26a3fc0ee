"""An editor for tests: it opens, edits and asks, and hides whether diagnostics are pushed or pulled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import define, field
from lsprotocol import types
from pytest_lsp import LanguageClient

from trainlint.server.positions import index

PATIENCE = 20.0


@define
class Editor:
    """One client with its open documents."""

    client: LanguageClient
    root: Path
    pulls: bool
    encoding: str
    versions: dict[str, int] = field(factory=dict)
    results: dict[str, str] = field(factory=dict)

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def open(self, name: str, text: str, *, uri: str | None = None) -> str:
        """Open a document; it need not be on the disk."""
        uri = uri or self.uri(name)
        self.versions[uri] = 1
        item = types.TextDocumentItem(uri=uri, language_id="python", version=1, text=text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def edit(self, uri: str, text: str) -> None:
        self.versions[uri] += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version=self.versions[uri], uri=uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def close(self, uri: str) -> None:
        del self.versions[uri]
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    async def diagnostics(self, uri: str) -> Sequence[types.Diagnostic]:
        """What the editor shows for a document in its present version."""
        if self.pulls:
            report = await self.pull(uri)
            assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
            return report.items
        return await self.pushed(uri)

    async def pull(self, uri: str, previous: str | None = None) -> types.DocumentDiagnosticReport:
        return await self.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), previous_result_id=previous)
        )

    async def pushed(self, uri: str, version: int | None = None) -> Sequence[types.Diagnostic]:
        """What has been pushed for a version, at the latest the present one."""
        wanted = version or self.versions[uri]
        received = published(self.client)
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while uri not in received or (received[uri].version or 0) < wanted:
            assert asyncio.get_running_loop().time() < deadline, f"nothing was pushed for {uri}"
            await asyncio.sleep(0.01)
        return received[uri].diagnostics

    async def until(self, uri: str, rules: list[str]) -> Sequence[types.Diagnostic]:
        """The diagnostics once they are of these rules, without an edit of this document."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while True:
            shown = await self.diagnostics(uri)
            if codes(shown) == rules:
                return shown
            assert asyncio.get_running_loop().time() < deadline, codes(shown)
            await asyncio.sleep(0.02)

    async def hover(self, uri: str, line: int, character: int) -> types.Hover | None:
        return await self.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
        )

    async def actions(
        self,
        uri: str,
        range: types.Range,
        only: list[types.CodeActionKind | str] | None = None,
        named: Sequence[types.Diagnostic] = (),
    ) -> Sequence[types.CodeAction | types.Command]:
        """With or without the diagnostics in the context, as clients ask. lsprotocol takes an action that has a
        command for the command itself."""
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri), range, types.CodeActionContext(diagnostics=list(named), only=only)
            )
        )
        return found or []

    async def links(self, uri: str) -> Sequence[types.DocumentLink]:
        parameters = types.DocumentLinkParams(types.TextDocumentIdentifier(uri))
        return await self.client.text_document_document_link_async(parameters) or []

    async def hints(self, uri: str, lines: int = 99) -> Sequence[types.InlayHint]:
        range = types.Range(types.Position(0, 0), types.Position(lines, 0))
        parameters = types.InlayHintParams(types.TextDocumentIdentifier(uri), range)
        return await self.client.text_document_inlay_hint_async(parameters) or []

    def set(self, **settings: object) -> None:
        """Settings of the editor, as it sends them when they change."""
        self.client.workspace_did_change_configuration(types.DidChangeConfigurationParams({"trainlint": settings}))

    def applied(self, text: str, uri: str, edit: types.WorkspaceEdit) -> str:
        """A text after the edits of it; checks that they are for its present version, where they have versions."""
        if edit.document_changes is None:
            assert edit.changes is not None
            edits: Sequence[object] = edit.changes[uri]
        else:
            (change,) = [each for each in edit.document_changes if each.text_document.uri == uri]  # type: ignore[union-attr]
            assert isinstance(change, types.TextDocumentEdit)
            assert change.text_document.version == self.versions[uri]
            edits = change.edits
        for each in sorted(edits, key=lambda each: (each.range.start.line, each.range.start.character), reverse=True):  # type: ignore[attr-defined]
            assert isinstance(each, types.TextEdit)
            start, end = (index(text, place, self.encoding) for place in (each.range.start, each.range.end))
            text = text[:start] + each.new_text + text[end:]
        return text


def published(client: LanguageClient) -> dict[str, types.PublishDiagnosticsParams]:
    """The last push per URI; the client of pytest-lsp forgets versions."""
    held: dict[str, types.PublishDiagnosticsParams] = client.__dict__.setdefault("published", {})
    return held


def codes(diagnostics: Sequence[types.Diagnostic]) -> list[str]:
    return [str(each.code) for each in diagnostics]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that the server does by itself."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not condition():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.01)
