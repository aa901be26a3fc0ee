"""The server: pygls's, with a session and all handlers of messages."""

from __future__ import annotations

import logging

from lsprotocol import types
from pygls.exceptions import JsonRpcException, PyglsError
from pygls.lsp.server import LanguageServer

from trainlint import __version__
from trainlint.server import commands, lifecycle, questions, surroundings, synchronising
from trainlint.server.delivery import Delivery
from trainlint.server.diagnostics import SOURCE
from trainlint.server.session import Session
from trainlint.server.texts import PYTHON, Texts
from trainlint.server.trace import Trace

logger = logging.getLogger(__name__)


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
        self.session = Session(texts, delivery, Trace(self._trace), self._show, self._refresh_hints)
        self.shut_down = False
        self.status = 0
        """The exit code: 1 for a client that says `exit` before `shutdown`."""

    def _trace(self, parameters: types.LogTraceParams) -> None:
        self.protocol.notify(types.LOG_TRACE, parameters)

    def _refresh(self) -> None:
        self.workspace_diagnostic_refresh(None)

    def _refresh_hints(self) -> None:
        self.workspace_inlay_hint_refresh(None)

    def _show(self, message: str) -> None:
        self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"trainlint: {message}"))

    def report_server_error(self, error: Exception, source: type[PyglsError] | type[JsonRpcException]) -> None:
        """Log an error outside of any request, and show it if it is a new one. pygls has logged its traceback."""
        logger.error("%s: %s", source.__name__, error)
        self.session.once(f"{type(error).__name__}: {error} (see the server's log)")


def make() -> Server:
    """A server with all its handlers."""
    server = Server()
    for part in (lifecycle, synchronising, surroundings, questions, commands):
        part.register(server)
    return server
