"""All safe fixes of a document in one action."""

from __future__ import annotations

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import client_capabilities

from tests.server.conftest import CONFIG
from tests.server.editor import Editor, codes
from tests.server.programs import BROKEN, LOGITS, LOGITS_RULE, RULE, TRAIN

NOWHERE = types.Range(types.Position(0, 0), types.Position(0, 0))
KINDS: list[types.CodeActionKind | str] = [types.CodeActionKind.SourceFixAll]
TWICE = LOGITS + BROKEN.replace("import torch\nfrom torch import nn\n", "") + LOGITS.partition("nn\n")[2]


@pytest.mark.asyncio(loop_scope="module")
class TestInTheEditor:
    async def test_only_what_is_safe(self, editor: Editor):
        uri = editor.open("train.py", TWICE)
        assert codes(await editor.diagnostics(uri)) == [LOGITS_RULE, RULE, LOGITS_RULE]
        (action,) = await editor.actions(uri, NOWHERE, KINDS)
        assert isinstance(action, types.CodeAction)
        assert (action.kind, action.edit) == ("source.fixAll.trainlint", None)
        resolved = await editor.client.code_action_resolve_async(action)
        assert resolved.edit is not None
        mended = editor.applied(TWICE, uri, resolved.edit)
        assert mended == TWICE.replace("BCELoss", "BCEWithLogitsLoss")
        editor.edit(uri, mended)
        assert codes(await editor.diagnostics(uri)) == [RULE]
        assert await editor.actions(uri, NOWHERE, KINDS) == []

    async def test_it_is_offered_only_where_it_is_asked_for(self, editor: Editor):
        uri = editor.open("train.py", LOGITS)
        kinds = {
            "source": 1,
            "source.fixAll": 1,
            "source.fixAll.trainlint": 1,
            "source.fixAll.ruff": 0,
            "quickfix": 0,
            "source.organizeImports": 0,
        }
        for kind, expected in kinds.items():
            assert len(await editor.actions(uri, NOWHERE, [kind])) == expected, kind

    async def test_a_document_that_has_changed_is_left_alone(self, editor: Editor):
        uri = editor.open("train.py", LOGITS)
        (action,) = await editor.actions(uri, NOWHERE, KINDS)
        assert isinstance(action, types.CodeAction)
        editor.edit(uri, "\n" + LOGITS)
        with pytest.raises(JsonRpcException) as raised:
            await editor.client.code_action_resolve_async(action)
        assert raised.value.code == types.LSPErrorCodes.ContentModified.value

    async def test_what_is_found_from_another_file(self, editor: Editor):
        models = "from torch import nn\nLoss = nn.BCELoss\n\ndef criterion():\n    return nn.BCELoss()\n"
        train = LOGITS.replace("nn.BCELoss()", "criterion()").replace(
            "import nn\n", "import nn\nfrom models import *\n"
        )
        here, there = editor.open("train.py", train), editor.open("models.py", models)
        assert codes(await editor.diagnostics(here)) == [LOGITS_RULE]
        (action,) = await editor.actions(there, NOWHERE, KINDS)
        assert isinstance(action, types.CodeAction)
        resolved = await editor.client.code_action_resolve_async(action)
        assert resolved.edit is not None
        assert editor.applied(models, there, resolved.edit) == models.replace("BCELoss()", "BCEWithLogitsLoss()")

    async def test_windows_line_ends_and_wide_characters(self, editor: Editor):
        text = LOGITS.replace("criterion = ", 's = "日本語😀"; criterion = ').replace("\n", "\r\n").rstrip("\r\n")
        uri = editor.open("train.py", text)
        (action,) = await editor.actions(uri, NOWHERE, KINDS)
        assert isinstance(action, types.CodeAction)
        resolved = await editor.client.code_action_resolve_async(action)
        assert resolved.edit is not None
        assert editor.applied(text, uri, resolved.edit) == text.replace("BCELoss", "BCEWithLogitsLoss")


@pytest.mark.asyncio
async def test_a_client_that_resolves_nothing_gets_the_edit_at_once(tmp_path):
    client = await CONFIG.start()
    folder = types.WorkspaceFolder(uri=tmp_path.as_uri(), name="here")
    await client.initialize_session(
        types.InitializeParams(capabilities=client_capabilities("emacs"), workspace_folders=[folder])
    )
    editor = Editor(client, tmp_path, False, "utf-32")
    editor.write("models.py", "")
    uri = editor.open("train.py", LOGITS)
    (action,) = await editor.actions(uri, NOWHERE, KINDS)
    assert isinstance(action, types.CodeAction) and action.edit is not None and action.data is None
    assert editor.applied(LOGITS, uri, action.edit) == LOGITS.replace("BCELoss", "BCEWithLogitsLoss")
    assert await editor.actions(editor.open("other.py", TRAIN), NOWHERE, KINDS) == []
    await client.shutdown_session()
    await client.stop()
