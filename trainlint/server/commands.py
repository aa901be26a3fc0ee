"""The commands of the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from trainlint.rules.catalogue import catalogue
from trainlint.server.actions import EXPLAIN
from trainlint.server.information import describe
from trainlint.server.progress import Progress

if TYPE_CHECKING:
    from trainlint.server.server import Server

BASELINE = "trainlint.baseline"
DEBUG_INFORMATION = "trainlint.debugInformation"


def register(server: Server) -> None:
    session = server.session

    @server.command(EXPLAIN)
    async def explain(rule: str) -> None:
        info = catalogue().get(rule)
        if info is None:
            return
        if session.delivery.client.shows_documents:
            await server.window_show_document_async(types.ShowDocumentParams(info.url, external=True))
        else:
            text = f"{info.summary}. {info.url}"
            server.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))

    async def accept(folders: Sequence[str]) -> None:
        def begin(name: str) -> Progress:
            title = f"trainlint: accepting the findings in {name}"
            return Progress(server, title, can_make=session.delivery.client.lets_begin_progress)

        async for message in session.accept(folders, begin):
            server.window_show_message(message)

    @server.command(BASELINE)
    def baseline(*folders: str) -> None:
        session.start(accept(folders))  # answered at once: some clients do nothing else until then

    @server.command(DEBUG_INFORMATION)
    def debug_information() -> str:
        return describe(session)
