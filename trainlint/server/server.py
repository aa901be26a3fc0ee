"""The server: which message is handled by what. Everything of substance is done elsewhere."""

from __future__ import annotations

import logging
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, PyglsError
from pygls.lsp.server import LanguageServer

from trainlint import __version__
from trainlint.rules.catalogue import catalogue
from trainlint.server.actions import EXPLAIN
from trainlint.server.delivery import Delivery, Report
from trainlint.server.diagnostics import SOURCE
from trainlint.server.session import SECTION, Session
from trainlint.server.texts import PYTHON, Texts

logger = logging.getLogger(__name__)
_WATCHED = ("**/{pyproject,trainlint}.toml", "**/*.{py,pyw,ipynb}", "**/*.{yaml,yml}", "**/*baseline*.json")


class Server(LanguageServer):
    """pygls's server with a session, and with errors that are shown once instead of every time."""

    def __init__(self) -> None:
        super().__init__(
            SOURCE,
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
            notebook_document_sync=types.NotebookDocumentSyncOptions(
                notebook_selector=[
                    types.NotebookDocumentFilterWithCells(cells=[types.NotebookCellLanguage(language=PYTHON)])
                ],
                save=True,
            ),
        )
        texts = Texts()
        delivery = Delivery(texts, self.text_document_publish_diagnostics, self._refresh)
        self.session = Session(texts, delivery, self._show)
        self.shut_down = False
        self.status = 0
        """The exit code: 1 for a client that says `exit` before `shutdown`."""

    def _refresh(self) -> None:
        self.workspace_diagnostic_refresh(None)

    def _show(self, message: str) -> None:
        self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"trainlint: {message}"))

    def report_server_error(self, error: Exception, source: type[PyglsError] | type[JsonRpcException]) -> None:
        """Log an error outside of any request, and show it if it is a new one. pygls has logged its traceback."""
        logger.error("%s: %s", source.__name__, error)
        self.session.once(f"{type(error).__name__}: {error} (see the server's log)")


def make() -> Server:
    """A server with all its handlers."""
    server = Server()
    session = server.session

    @server.feature(types.INITIALIZE)
    def initialize(parameters: types.InitializeParams) -> None:
        encoding = server.workspace.position_encoding
        session.greet(parameters, str(getattr(encoding, "value", encoding)))
        if not session.delivery.client.pulls:  # some clients would pull all the same, and show everything twice
            server.protocol.fm.features.pop(types.TEXT_DOCUMENT_DIAGNOSTIC, None)

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        if session.delivery.client.watches:
            await watch()
        await ask_settings()

    async def watch() -> None:
        watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration("trainlint-files", method, options)
        try:
            await server.client_register_capability_async(types.RegistrationParams([registration]))
        except JsonRpcException as error:  # changes are then seen when something is saved
            logger.warning("the client watches no files: %s", error)

    async def ask_settings() -> None:
        if not session.delivery.client.configures:
            return
        items = [types.ConfigurationItem(section=SECTION)]
        try:
            answer = await server.workspace_configuration_async(types.ConfigurationParams(items))
        except JsonRpcException as error:
            logger.warning("the client tells no settings: %s", error)
            return
        if answer and answer[0] is not None:
            session.configure(answer[0])
            session.checker.changed()

    @server.feature(types.SHUTDOWN)
    def shutdown(_: None) -> None:
        server.shut_down = True
        session.checker.close()

    @server.feature(types.EXIT)
    def leave(_: None) -> None:
        server.status = 0 if server.shut_down else 1
        session.checker.close()

    # Texts ------------------------------------------------------------------------------------------------------------

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(parameters: types.DidOpenTextDocumentParams) -> None:
        session.texts.open(parameters.text_document)
        session.checker.changed()

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(parameters: types.DidChangeTextDocumentParams) -> None:
        session.texts.change(parameters.text_document, parameters.content_changes)
        session.checker.changed()

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(parameters: types.DidSaveTextDocumentParams) -> None:
        session.disk_changed([parameters.text_document.uri])

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(parameters: types.DidCloseTextDocumentParams) -> None:
        session.texts.close(parameters.text_document.uri)
        session.delivery.withdraw(parameters.text_document.uri)
        session.checker.changed()

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def notebook_did_open(parameters: types.DidOpenNotebookDocumentParams) -> None:
        session.texts.open_notebook(parameters.notebook_document, parameters.cell_text_documents)
        session.checker.changed()

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def notebook_did_change(parameters: types.DidChangeNotebookDocumentParams) -> None:
        session.texts.change_notebook(parameters.notebook_document, parameters.change)
        session.checker.changed()

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_SAVE)
    def notebook_did_save(parameters: types.DidSaveNotebookDocumentParams) -> None:
        session.disk_changed([parameters.notebook_document.uri])

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def notebook_did_close(parameters: types.DidCloseNotebookDocumentParams) -> None:
        session.texts.close_notebook(parameters.notebook_document.uri, parameters.cell_text_documents)
        session.checker.changed()

    # The surroundings -------------------------------------------------------------------------------------------------

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(parameters: types.DidChangeWatchedFilesParams) -> None:
        session.disk_changed([change.uri for change in parameters.changes])

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders(parameters: types.DidChangeWorkspaceFoldersParams) -> None:
        event = parameters.event
        session.move([each.uri for each in event.added], [each.uri for each in event.removed])
        session.checker.changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configuration(parameters: types.DidChangeConfigurationParams) -> None:
        settings: Any = parameters.settings
        if isinstance(settings, dict) and SECTION in settings:
            session.configure(settings[SECTION])
            session.checker.changed()
        else:
            await ask_settings()

    # Questions --------------------------------------------------------------------------------------------------------

    @server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier=SOURCE),
    )
    async def diagnostic(parameters: types.DocumentDiagnosticParams) -> Report:
        return await session.diagnose(parameters.text_document.uri, parameters.previous_result_id)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(parameters: types.HoverParams) -> types.Hover | None:
        return await session.hover(parameters.text_document.uri, parameters.position)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    async def code_action(parameters: types.CodeActionParams) -> list[types.CodeAction]:
        return await session.actions(parameters.text_document.uri, parameters.range, parameters.context.only)

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

    return server
