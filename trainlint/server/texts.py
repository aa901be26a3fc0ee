"""The texts that the client has open. They are kept here, not by pygls, whose lines end at form feeds too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import define, evolve, field, frozen
from lsprotocol import types

from trainlint.server.positions import index

PYTHON = "python"


@frozen
class Text:
    """An open document, or a cell of a notebook, in one version."""

    uri: str
    version: int
    content: str
    language: str = PYTHON

    def edited(self, changes: Iterable[types.TextDocumentContentChangeEvent], version: int, encoding: str) -> Text:
        """The text after changes, which hold one after the other."""
        content = self.content
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                start = index(content, change.range.start, encoding)
                end = index(content, change.range.end, encoding)
                content = content[:start] + change.text + content[max(start, end) :]
            else:
                content = change.text
        return evolve(self, version=version, content=content)


@frozen
class Notebook:
    """An open notebook; cells that hold no code are None, so that the others keep their numbers."""

    uri: str
    version: int
    cells: tuple[Text | None, ...]


@define
class _Sheet:
    """A notebook as it is being edited: the URI and kind of every cell."""

    version: int
    cells: list[types.NotebookCell]


@define
class Texts:
    """All that is open, by URI."""

    encoding: str = "utf-16"
    _documents: dict[str, Text] = field(factory=dict)
    _cells: dict[str, Text] = field(factory=dict)
    _notebooks: dict[str, _Sheet] = field(factory=dict)

    def open(self, item: types.TextDocumentItem) -> None:
        self._documents[item.uri] = _text(item)

    def change(
        self,
        identifier: types.VersionedTextDocumentIdentifier,
        changes: Sequence[types.TextDocumentContentChangeEvent],
    ) -> None:
        held = self._documents.get(identifier.uri)
        if held is None:  # never opened: only a whole text can be made sense of
            held = Text(identifier.uri, identifier.version, "")
        self._documents[identifier.uri] = held.edited(changes, identifier.version, self.encoding)

    def close(self, uri: str) -> None:
        self._documents.pop(uri, None)

    def open_notebook(self, notebook: types.NotebookDocument, cells: Iterable[types.TextDocumentItem]) -> None:
        self._notebooks[notebook.uri] = _Sheet(notebook.version, list(notebook.cells))
        self._cells.update((item.uri, _text(item)) for item in cells)

    def change_notebook(
        self, identifier: types.VersionedNotebookDocumentIdentifier, change: types.NotebookDocumentChangeEvent
    ) -> None:
        sheet = self._notebooks.get(identifier.uri)
        if sheet is None:
            return
        sheet.version = identifier.version
        if change.cells is None:
            return
        if structure := change.cells.structure:
            array = structure.array
            sheet.cells[array.start : array.start + array.delete_count] = array.cells or []
            for closed in structure.did_close or ():
                self._cells.pop(closed.uri, None)
            self._cells.update((item.uri, _text(item)) for item in structure.did_open or ())
        for cell in change.cells.data or ():
            sheet.cells = [cell if known.document == cell.document else known for known in sheet.cells]
        for content in change.cells.text_content or ():
            held = self._cells.get(content.document.uri)
            if held is not None:
                now = held.edited(content.changes, content.document.version, self.encoding)
                self._cells[held.uri] = now

    def close_notebook(self, uri: str, cells: Iterable[types.TextDocumentIdentifier]) -> None:
        sheet = self._notebooks.pop(uri, None)
        gone = [cell.uri for cell in cells] + [cell.document for cell in (sheet.cells if sheet else ())]
        for each in gone:
            self._cells.pop(each, None)

    def version(self, uri: str) -> int | None:
        """The present version of a document or cell; None if it is not open."""
        held = self._documents.get(uri) or self._cells.get(uri)
        return None if held is None else held.version

    def content(self, uri: str) -> str | None:
        """The present text of a document in whatever language; None if it is not open."""
        held = self._documents.get(uri) or self._cells.get(uri)
        return None if held is None else held.content

    def is_cell(self, uri: str) -> bool:
        return uri in self._cells

    def documents(self) -> Iterator[Text]:
        """The open Python files."""
        return (text for text in self._documents.values() if text.language == PYTHON)

    def notebooks(self) -> Iterator[Notebook]:
        """The open notebooks."""
        for uri, sheet in self._notebooks.items():
            yield Notebook(uri, sheet.version, tuple(self._code(cell) for cell in sheet.cells))

    def _code(self, cell: types.NotebookCell) -> Text | None:
        text = self._cells.get(cell.document)
        is_code = cell.kind == types.NotebookCellKind.Code and text is not None and text.language == PYTHON
        return text if is_code else None


def _text(item: types.TextDocumentItem) -> Text:
    return Text(item.uri, item.version, item.text, item.language_id)
