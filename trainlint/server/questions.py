"""The requests of a client about its documents, and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from trainlint.server.actions import KINDS
from trainlint.server.delivery import Report
from trainlint.server.diagnostics import SOURCE
from trainlint.server.progress import Progress
from trainlint.server.session import OutdatedError
from trainlint.server.workspace import Full, Unchanged

if TYPE_CHECKING:
    from trainlint.server.server import Server


def register(server: Server) -> None:
    session = server.session

    @server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True, identifier=SOURCE),
    )
    async def diagnostic(parameters: types.DocumentDiagnosticParams) -> Report:
        return await session.diagnose(parameters.text_document.uri, parameters.previous_result_id)

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    async def workspace_diagnostic(parameters: types.WorkspaceDiagnosticParams) -> types.WorkspaceDiagnosticReport:
        can_make = session.delivery.client.lets_begin_progress
        progress = Progress(server, "trainlint: checking the workspace", parameters.work_done_token, can_make)
        token = parameters.partial_result_token

        def stream(items: list[Full | Unchanged]) -> None:
            part = types.WorkspaceDiagnosticReportPartialResult(items=list(items))
            if token is not None:
                server.protocol.notify(types.PROGRESS, types.ProgressParams(token=token, value=part))

        previous = {each.uri: each.value for each in parameters.previous_result_ids}
        return await session.workspace.answer(previous, None if token is None else stream, progress)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(parameters: types.HoverParams) -> types.Hover | None:
        return await session.hover(parameters.text_document.uri, parameters.position)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True)
    )
    async def code_action(parameters: types.CodeActionParams) -> list[types.CodeAction]:
        return await session.actions(parameters.text_document.uri, parameters.range, parameters.context)

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        try:
            return await session.resolve(action)
        except OutdatedError:
            raise JsonRpcException("the document has changed", types.LSPErrorCodes.ContentModified.value) from None

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK, types.DocumentLinkOptions(resolve_provider=False))
    async def links(parameters: types.DocumentLinkParams) -> list[types.DocumentLink]:
        found = await session.links(parameters.text_document.uri)
        return found if session.delivery.client.link_tooltips else [evolve(each, tooltip=None) for each in found]

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT, types.InlayHintOptions(resolve_provider=False))
    async def hints(parameters: types.InlayHintParams) -> list[types.InlayHint]:
        return await session.hints(parameters.text_document.uri, parameters.range)
