"""Notebooks: the cells are one program, and each finding belongs to its cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from tests.server.editor import Editor, codes, published, until
from tests.server.programs import LOGITS_RULE, RULE
from trainlint.server.client import Client
from trainlint.server.delivery import Delivery
from trainlint.server.outcome import Outcome, View
from trainlint.server.sheets import Sheet
from trainlint.server.texts import Texts
from trainlint.source.source import Source

pytestmark = pytest.mark.asyncio(loop_scope="module")
CELLS = [
    "%matplotlib inline\nimport torch\nfrom torch import nn",
    "model = nn.Sequential(nn.Linear(8, 8), nn.ReLU())\ncriterion = nn.MSELoss()",
    's = "日本語😀"\nx, y = torch.randn(4, 8), torch.randn(4, 8)\n\nloss = criterion(model(x), y)\nloss.backward()\n',
]


def open_notebook(editor: Editor, cells: list[str]) -> tuple[str, list[str]]:
    """An open notebook; its cells have URIs of their own."""
    notebook = editor.uri("eda.ipynb")
    uris = [f"vscode-notebook-cell:{notebook.partition(':')[2]}#W{number}" for number in range(len(cells))]
    editor.client.notebook_document_did_open(
        types.DidOpenNotebookDocumentParams(
            types.NotebookDocument(
                uri=notebook,
                notebook_type="jupyter-notebook",
                version=1,
                cells=[types.NotebookCell(types.NotebookCellKind.Code, uri) for uri in uris],
            ),
            [types.TextDocumentItem(uri, "python", 1, text) for uri, text in zip(uris, cells, strict=True)],
        )
    )
    editor.versions.update(dict.fromkeys(uris, 1))
    return notebook, uris


def close_notebook(editor: Editor, notebook: str, uris: list[str]) -> None:
    for uri in uris:
        del editor.versions[uri]
    editor.client.notebook_document_did_close(
        types.DidCloseNotebookDocumentParams(
            types.NotebookDocumentIdentifier(notebook), [types.TextDocumentIdentifier(uri) for uri in uris]
        )
    )


async def test_a_finding_is_in_its_cell(editor: Editor):
    notebook, uris = open_notebook(editor, CELLS)
    (shown,) = await editor.diagnostics(uris[2])
    assert (shown.code, shown.range.start) == (RULE, types.Position(3, 17))
    assert shown.related_information is not None
    assert shown.related_information[0].location == types.Location(
        uris[1], types.Range(types.Position(0, 39), types.Position(0, 48))
    )
    assert codes(await editor.diagnostics(uris[0])) == []
    if editor.pulls:  # its capabilities do not say that it pulls cells: pushed at first, taken back when it asked
        assert not published(editor.client)[uris[2]].diagnostics
    mend, silence, _ = await editor.actions(uris[2], shown.range)
    assert isinstance(mend, types.CodeAction) and mend.edit is not None
    assert editor.applied(CELLS[1], uris[1], mend.edit) == CELLS[1].replace(", nn.ReLU()", "")
    assert isinstance(silence, types.CodeAction) and silence.edit is not None
    assert f"y)  # trainlint: ignore[{RULE}]" in editor.applied(CELLS[2], uris[2], silence.edit)
    assert await editor.hover(uris[2], 3, 18) is not None
    assert await editor.hover(uris[1], 0, 40) is None
    close_notebook(editor, notebook, uris)
    if not editor.pulls:
        await until(lambda: not published(editor.client)[uris[2]].diagnostics)


async def test_cells_are_edited_moved_and_removed(editor: Editor):
    notebook, uris = open_notebook(editor, CELLS)
    assert codes(await editor.diagnostics(uris[2])) == [RULE]
    start = types.Position(0, CELLS[1].index(", nn.ReLU()"))
    end = types.Position(0, start.character + len(", nn.ReLU()"))
    editor.client.notebook_document_did_change(
        types.DidChangeNotebookDocumentParams(
            types.VersionedNotebookDocumentIdentifier(version=2, uri=notebook),
            types.NotebookDocumentChangeEvent(
                cells=types.NotebookDocumentCellChanges(
                    text_content=[
                        types.NotebookDocumentCellContentChanges(
                            types.VersionedTextDocumentIdentifier(version=2, uri=uris[1]),
                            [types.TextDocumentContentChangePartial(types.Range(start, end), "")],
                        )
                    ]
                )
            ),
        )
    )
    await editor.until(uris[2], [])
    new = uris[1] + "new"
    editor.client.notebook_document_did_change(
        types.DidChangeNotebookDocumentParams(
            types.VersionedNotebookDocumentIdentifier(version=3, uri=notebook),
            types.NotebookDocumentChangeEvent(
                cells=types.NotebookDocumentCellChanges(
                    structure=types.NotebookDocumentCellChangeStructure(
                        array=types.NotebookCellArrayChange(
                            start=1, delete_count=1, cells=[types.NotebookCell(types.NotebookCellKind.Code, new)]
                        ),
                        did_open=[types.TextDocumentItem(new, "python", 1, CELLS[1])],
                        did_close=[types.TextDocumentIdentifier(uris[1])],
                    )
                )
            ),
        )
    )
    (shown,) = await editor.until(uris[2], [RULE])
    assert shown.related_information is not None and shown.related_information[0].location.uri == new
    editor.versions[new] = 1
    close_notebook(editor, notebook, [uris[0], new, uris[2]])
    del editor.versions[uris[1]]


def told(client: Client) -> tuple[list[str], Delivery, Outcome]:
    """A delivery to a client that has a file and a cell open, and the URIs that are pushed to it."""
    texts, pushed = Texts(), list[str]()
    texts.open(types.TextDocumentItem("file:///a.py", "python", 1, "x\n"))
    texts.open_notebook(
        types.NotebookDocument(
            "file:///n.ipynb", "jupyter-notebook", 1, [types.NotebookCell(types.NotebookCellKind.Code, "cell:1")]
        ),
        [types.TextDocumentItem("cell:1", "python", 1, "x\n")],
    )
    delivery = Delivery(texts, lambda parameters: pushed.append(parameters.uri), lambda: None, client)
    source = Source.of_text("a.py", "x\n")
    views = {uri: View(Sheet(Path("/"), uri, 1, source, 0, 2, "utf-8"), (), "id") for uri in ("file:///a.py", "cell:1")}
    return pushed, delivery, Outcome(1, views)


async def test_cells_are_pushed_to_clients_that_pull_only_files():
    pushed, delivery, outcome = told(Client(pulls=True))
    delivery.deliver(outcome)
    assert pushed == ["cell:1"]
    delivery.answer("cell:1", outcome.views["cell:1"], None)  # it does pull cells: what was pushed is taken back
    assert pushed == ["cell:1", "cell:1"]
    delivery.deliver(outcome)
    assert pushed == ["cell:1", "cell:1"]


@pytest.mark.parametrize(("client", "expected"), [(Client(), 2), (Client(pulls=True, pulls_cells=True), 0)])
async def test_other_clients_get_all_or_nothing(client, expected):
    pushed, delivery, outcome = told(client)
    delivery.deliver(outcome)
    assert len(pushed) == expected


async def test_all_safe_fixes_of_a_notebook(editor: Editor):
    cells = [CELLS[0], "model = nn.Sequential(nn.Linear(8, 1))\ncriterion = nn.BCELoss()", CELLS[2]]
    notebook, uris = open_notebook(editor, cells)
    assert codes(await editor.diagnostics(uris[2])) == [LOGITS_RULE]
    nowhere = types.Range(types.Position(0, 0), types.Position(0, 0))
    for kind in ("notebook.source.fixAll", "source.fixAll.trainlint"):
        (action,) = await editor.actions(uris[0], nowhere, [kind])
        assert isinstance(action, types.CodeAction) and action.edit is None
        resolved = await editor.client.code_action_resolve_async(action)
        assert resolved.edit is not None
        mended = editor.applied(cells[1], uris[1], resolved.edit)
        assert mended == cells[1].replace("BCELoss", "BCEWithLogitsLoss")
    close_notebook(editor, notebook, uris)
