"""An editor for tests: it opens, edits and asks, and hides whether diagnostics are pushed or pulled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import define, field
from lsprotocol import types
from pytest_lsp import LanguageClient

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
        self, uri: str, range: types.Range, only: list[types.CodeActionKind | str] | None = None
    ) -> Sequence[types.CodeAction | types.Command]:
        """Without the diagnostics in the context, as some clients ask. lsprotocol takes an action that has a command
        for the command itself."""
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri), range, types.CodeActionContext(diagnostics=[], only=only)
            )
        )
        return found or []


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
