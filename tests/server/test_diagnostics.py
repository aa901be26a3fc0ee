"""Diagnostics, pushed and pulled."""

from __future__ import annotations

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcMethodNotFound
from pytest_lsp import client_capabilities

from tests.server.conftest import CONFIG
from tests.server.editor import Editor, codes, published, until
from tests.server.programs import BROKEN, MODELS, RULE, SOUND, TRAIN

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_finding_is_shown_with_all_that_belongs_to_it(editor: Editor):
    uri = editor.open("train.py", BROKEN)
    (shown,) = await editor.diagnostics(uri)
    assert (shown.code, shown.source, shown.severity) == (RULE, "trainlint", types.DiagnosticSeverity.Warning)
    assert shown.range == types.Range(types.Position(6, 17), types.Position(6, 25))
    assert shown.code_description is not None and shown.code_description.href.endswith("relu_before_regression.md")
    assert shown.data is not None and shown.data["rule"] == RULE
    assert shown.related_information
    assert shown.related_information[0].location.range.start.line == 3


async def test_a_client_that_shows_no_other_places_is_told_of_them(tmp_path):
    client = await CONFIG.start()
    capabilities = client_capabilities("visual_studio_code")
    assert capabilities.text_document is not None and capabilities.text_document.publish_diagnostics is not None
    capabilities.text_document.publish_diagnostics.related_information = False
    folder = types.WorkspaceFolder(tmp_path.as_uri(), "here")
    await client.initialize_session(types.InitializeParams(capabilities=capabilities, workspace_folders=[folder]))
    editor = Editor(client, tmp_path, False, "utf-16")
    editor.write("models.py", MODELS)
    (shown,) = await editor.diagnostics(editor.open("train.py", TRAIN))
    assert shown.related_information is None
    assert "\nmodels.py:10: " in shown.message
    await client.shutdown_session()
    await client.stop()


async def test_an_edit_takes_it_away_and_brings_it_back(editor: Editor):
    uri = editor.open("train.py", BROKEN)
    assert codes(await editor.diagnostics(uri)) == [RULE]
    editor.edit(uri, SOUND)
    assert codes(await editor.diagnostics(uri)) == []
    editor.edit(uri, BROKEN)
    assert codes(await editor.diagnostics(uri)) == [RULE]


async def test_nothing_is_both_pushed_and_pulled(editor: Editor):
    uri = editor.open("train.py", BROKEN)
    await editor.diagnostics(uri)
    assert (uri in published(editor.client)) is not editor.pulls
    if not editor.pulls:
        with pytest.raises(JsonRpcMethodNotFound):
            await editor.pull(uri)


async def test_what_has_not_changed_is_not_sent_again(editor: Editor):
    uri = editor.open("train.py", BROKEN)
    if not editor.pulls:
        await editor.diagnostics(uri)
        del published(editor.client)[uri]
        await editor.diagnostics(editor.open("other.py", BROKEN))
        assert uri not in published(editor.client)
        return
    first = await editor.pull(uri)
    assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
    again = await editor.pull(uri, first.result_id)
    assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)
    assert again.result_id == first.result_id
    editor.edit(uri, "\n" + BROKEN)
    moved = await editor.pull(uri, first.result_id)
    assert isinstance(moved, types.RelatedFullDocumentDiagnosticReport)
    assert moved.items[0].range.start.line == 7


async def test_an_edit_in_another_file_is_seen_at_once(editor: Editor):
    editor.write("models.py", MODELS)
    train = editor.open("train.py", TRAIN)
    (shown,) = await editor.diagnostics(train)
    assert shown.related_information is not None
    assert shown.related_information[0].location.uri == editor.uri("models.py")
    assert shown.related_information[0].location.range.start.line == 9
    models = editor.open("models.py", MODELS)
    assert codes(await editor.diagnostics(models)) == []
    refreshed = editor.client.diagnostic_refresh_count
    await editor.diagnostics(train)
    editor.edit(models, MODELS.replace(".relu()", ""))
    await editor.diagnostics(models)
    if editor.pulls:
        await until(lambda: editor.client.diagnostic_refresh_count > refreshed)
    assert codes(await editor.until(train, [])) == []
    editor.close(models)  # the file on the disk counts again
    assert codes(await editor.until(train, [RULE])) == [RULE]


async def test_a_changed_file_that_is_not_open_is_seen(editor: Editor):
    editor.write("models.py", MODELS)
    train = editor.open("train.py", TRAIN)
    await editor.until(train, [RULE])
    editor.write("models.py", MODELS.replace(".relu()", ".tanh() * 2"))
    change = types.FileEvent(editor.uri("models.py"), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    await editor.until(train, [])


async def test_a_module_that_appears_is_seen(editor: Editor):
    train = editor.open("train.py", TRAIN)
    assert codes(await editor.diagnostics(train)) == []
    editor.write("models.py", MODELS)
    change = types.FileEvent(editor.uri("models.py"), types.FileChangeType.Created)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    await editor.until(train, [RULE])


async def test_a_file_in_the_middle_of_an_edit_keeps_what_is_sound(editor: Editor):
    text = BROKEN + "\n\ndef later():\n    return 1\n"
    uri = editor.open("train.py", text)
    assert codes(await editor.diagnostics(uri)) == [RULE]
    editor.edit(uri, text.replace("return 1", "return (1"))
    assert codes(await editor.diagnostics(uri)) == [RULE, "invalid-syntax"]


async def test_a_document_without_a_file(editor: Editor):
    uri = editor.open("", BROKEN, uri="untitled:Untitled-1")
    assert codes(await editor.diagnostics(uri)) == [RULE]
    editor.edit(uri, BROKEN.replace("loss = c", "# trainlint: ignore[relu-before-regression] a count\nloss = c"))
    assert codes(await editor.diagnostics(uri)) == []


async def test_a_file_outside_of_any_folder(editor: Editor, tmp_path):
    (tmp_path / "models.py").write_text(MODELS)
    uri = editor.open("", TRAIN, uri=(tmp_path / "train.py").as_uri())
    assert codes(await editor.diagnostics(uri)) == [RULE]


async def test_form_feeds_end_no_line(editor: Editor):
    uri = editor.open("train.py", "x = 1\n\f\n" + BROKEN)
    (shown,) = await editor.diagnostics(uri)
    assert shown.range.start.line == 8


async def test_a_document_that_was_closed_has_nothing(editor: Editor):
    uri = editor.open("train.py", BROKEN)
    assert codes(await editor.diagnostics(uri)) == [RULE]
    editor.close(uri)
    if editor.pulls:
        assert codes(await editor.diagnostics(uri)) == []
    else:
        await until(lambda: not published(editor.client)[uri].diagnostics)


async def test_what_is_no_python_is_left_alone(editor: Editor):
    uri = editor.uri("nb.ipynb")
    editor.client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "json", 1, '{"cells": ['))
    )
    other = editor.open("train.py", BROKEN)
    assert codes(await editor.diagnostics(other)) == [RULE]
    assert uri not in published(editor.client)
