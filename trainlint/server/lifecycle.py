"""The messages with which a session begins and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from trainlint.server.surroundings import ask_settings, watch

if TYPE_CHECKING:
    from trainlint.server.server import Server

_PULLING = (types.TEXT_DOCUMENT_DIAGNOSTIC, types.WORKSPACE_DIAGNOSTIC)


def register(server: Server) -> None:
    session = server.session

    @server.feature(types.INITIALIZE)
    def initialize(parameters: types.InitializeParams) -> None:
        encoding = server.workspace.position_encoding
        session.greet(parameters, str(getattr(encoding, "value", encoding)))
        if not session.delivery.client.pulls:  # some clients would pull all the same, and show everything twice
            for method in _PULLING:
                server.protocol.fm.features.pop(method, None)

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        if session.delivery.client.watches:
            await watch(server)
        await ask_settings(server)

    @server.feature(types.SET_TRACE)
    def set_trace(parameters: types.SetTraceParams) -> None:
        session.trace.set(parameters.value)

    @server.feature(types.SHUTDOWN)
    def shutdown(_: None) -> None:
        server.shut_down = True
        session.close()

    @server.feature(types.EXIT)
    def leave(_: None) -> None:
        server.status = 0 if server.shut_down else 1
        session.close()
