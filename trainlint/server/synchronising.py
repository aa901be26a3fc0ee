"""The messages about texts that are opened, edited, saved and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from trainlint.server.server import Server


def register(server: Server) -> None:
    session = server.session

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(parameters: types.DidOpenTextDocumentParams) -> None:
        session.texts.open(parameters.text_document)
        session.checker.changed()

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(parameters: types.DidChangeTextDocumentParams) -> None:
        session.texts.change(parameters.text_document, parameters.content_changes)
        session.typed()

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
        session.typed()

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_SAVE)
    def notebook_did_save(parameters: types.DidSaveNotebookDocumentParams) -> None:
        session.disk_changed([parameters.notebook_document.uri])

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def notebook_did_close(parameters: types.DidCloseNotebookDocumentParams) -> None:
        session.texts.close_notebook(parameters.notebook_document.uri, parameters.cell_text_documents)
        session.checker.changed()
