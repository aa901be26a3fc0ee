"""The commands of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from trainlint.rules.catalogue import catalogue
from trainlint.server.actions import EXPLAIN
from trainlint.server.information import describe

if TYPE_CHECKING:
    from trainlint.server.server import Server

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

    @server.command(DEBUG_INFORMATION)
    def debug_information() -> str:
        return describe(session)
