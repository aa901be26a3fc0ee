"""Settings: the nearest file above, the editor's own, and what happens when they change."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.server.editor import Editor, codes, until
from tests.server.programs import BROKEN, RULE
from trainlint.engine.baseline import Entry, written
from trainlint.server.options import _ATTRIBUTES, OPTIONS, Options, read_options

pytestmark = pytest.mark.asyncio(loop_scope="module")


def tell(editor: Editor, name: str, kind: types.FileChangeType = types.FileChangeType.Changed) -> None:
    """What a client says of a file that it watches."""
    event = types.FileEvent(editor.uri(name), kind)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))


async def test_the_nearest_file_holds(editor: Editor):
    editor.write("trainlint.toml", f'ignore = ["{RULE}"]\n')
    editor.write("inner/trainlint.toml", f'[severity]\n{RULE} = "error"\n')
    assert codes(await editor.diagnostics(editor.open("train.py", BROKEN))) == []
    (shown,) = await editor.diagnostics(editor.open("inner/train.py", BROKEN))
    assert shown.severity == types.DiagnosticSeverity.Error


async def test_a_change_of_the_file_is_seen(editor: Editor):
    uri = editor.open("train.py", BROKEN)
    assert codes(await editor.diagnostics(uri)) == [RULE]
    editor.write("pyproject.toml", f'[tool.trainlint]\nignore = ["{RULE}"]\n')
    tell(editor, "pyproject.toml", types.FileChangeType.Created)
    await editor.until(uri, [])
    editor.write("pyproject.toml", "[tool.trainlint]\n")
    tell(editor, "pyproject.toml")
    await editor.until(uri, [RULE])


async def test_the_files_are_watched(editor: Editor):
    workspace = editor.client.capabilities and editor.client.capabilities.workspace
    watched = workspace and workspace.did_change_watched_files
    can = bool(watched and watched.dynamic_registration)
    registered: list[str] = editor.client.__dict__.setdefault("registered", [])
    await until(lambda: (types.WORKSPACE_DID_CHANGE_WATCHED_FILES in registered) is can)


async def test_a_mistake_in_the_file_is_shown_once(editor: Editor):
    editor.write("trainlint.toml", 'ignroe = ["all"]\n')
    uri = editor.open("train.py", BROKEN)
    assert codes(await editor.diagnostics(uri)) == []
    said = [each.message for each in editor.client.messages if "ignroe" in each.message]
    assert len(said) == 1 and "did you mean `ignore`" in said[0]
    editor.edit(uri, BROKEN + "\n")
    await editor.diagnostics(uri)
    assert len([each for each in editor.client.messages if "ignroe" in each.message]) == 1
    editor.write("trainlint.toml", "")
    tell(editor, "trainlint.toml")
    await editor.until(uri, [RULE])


async def test_what_is_excluded_is_not_checked(editor: Editor):
    editor.write("trainlint.toml", 'exclude = ["old/"]\n')
    assert codes(await editor.diagnostics(editor.open("old/train.py", BROKEN))) == []
    assert codes(await editor.diagnostics(editor.open("new/train.py", BROKEN))) == [RULE]


async def test_the_editor_has_settings_too(editor: Editor):
    uri = editor.open("train.py", BROKEN)
    assert codes(await editor.diagnostics(uri)) == [RULE]
    editor.set(ignore=[RULE], path=["for the extension"])
    await editor.until(uri, [])
    editor.set()
    await editor.until(uri, [RULE])


async def test_several_folders(editor: Editor, tmp_path):
    (tmp_path / "trainlint.toml").write_text(f'ignore = ["{RULE}"]\n')
    folder = types.WorkspaceFolder(uri=tmp_path.as_uri(), name="other")
    editor.client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent(added=[folder], removed=[]))
    )
    here = editor.open("train.py", BROKEN)
    there = editor.open("", BROKEN, uri=(tmp_path / "train.py").as_uri())
    assert codes(await editor.diagnostics(here)) == [RULE]
    assert codes(await editor.diagnostics(there)) == []
    editor.client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent(added=[], removed=[folder]))
    )
    assert codes(await editor.diagnostics(there)) == []


async def test_own_knowledge_that_changes_is_seen(editor: Editor):
    editor.write("trainlint.toml", 'knowledge = ["own.yaml"]\n')
    editor.write("own.yaml", "a: [\n")
    uri = editor.open("train.py", BROKEN)
    assert codes(await editor.diagnostics(uri)) == []
    assert any("own.yaml" in each.message for each in editor.client.messages)
    editor.write("own.yaml", "# nothing yet\n")
    tell(editor, "own.yaml")
    await editor.until(uri, [RULE])


async def test_names_as_editors_write_them(editor: Editor):
    uri = editor.open("train.py", BROKEN)
    editor.set(perFileIgnores={"**/train.py": [RULE]}, minConfidence="high")
    await editor.until(uri, [])
    editor.set()
    await editor.until(uri, [RULE])


async def test_turned_off(editor: Editor):
    uri = editor.open("train.py", BROKEN)
    editor.set(enable=False)
    await editor.until(uri, [])
    editor.set()
    await editor.until(uri, [RULE])


async def test_what_is_no_option_is_said(editor: Editor):
    editor.set(run="now and then", severity={RULE: "horrid"})
    await until(lambda: any("`run` must be one of onType, onSave" in each.message for each in editor.client.messages))
    assert any(
        f"`severity.{RULE}` must be one of error, warning, info" in each.message for each in editor.client.messages
    )
    uri = editor.open("train.py", BROKEN)
    assert codes(await editor.diagnostics(uri)) == [RULE]  # the rest holds
    editor.set()


async def test_checks_on_saving_only(editor: Editor):
    editor.set(run="onSave")
    uri = editor.open("train.py", BROKEN)
    await editor.until(uri, [RULE]) if editor.pulls else await editor.pushed(uri, 1)
    editor.edit(uri, BROKEN.replace("nn.ReLU()", "nn.Tanh()"))
    if editor.pulls:
        assert codes(await editor.diagnostics(uri)) == [RULE]
    assert await editor.actions(uri, types.Range(types.Position(6, 18), types.Position(6, 18))) == []
    editor.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))
    await editor.until(uri, [])
    editor.set()


async def test_each_folder_may_have_its_own(editor: Editor, tmp_path):
    """The client is asked for them."""
    other = types.WorkspaceFolder(uri=tmp_path.as_uri(), name="other")
    editor.client.set_configuration({"ignore": [RULE]}, section="trainlint", scope_uri=other.uri)
    editor.client.set_configuration({"severity": {RULE: "error"}}, section="trainlint")
    editor.client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent(added=[other], removed=[]))
    )
    here = editor.open("train.py", BROKEN)
    there = editor.open("", BROKEN, uri=(tmp_path / "train.py").as_uri())
    await editor.until(there, [])
    (shown,) = await editor.until(here, [RULE])
    assert shown.severity == types.DiagnosticSeverity.Error
    editor.client.set_configuration({"severity": {RULE: "info"}}, section="trainlint", scope_uri=other.uri)
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
    (shown,) = await editor.until(there, [RULE])
    assert shown.severity == types.DiagnosticSeverity.Information
    editor.client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent(added=[], removed=[other]))
    )
    editor.client.set_configuration({}, section="trainlint")
    editor.set()
    await editor.until(here, [RULE])


async def test_options_and_their_description_belong_together():
    assert set(_ATTRIBUTES) == set(OPTIONS)
    assert read_options({}) == (Options(), [])
    defaults = {name: option.default for name, option in OPTIONS.items()}
    assert read_options(defaults) == (Options(), [])


async def test_the_baseline_holds_and_its_changes_are_seen(editor: Editor):
    editor.write("trainlint.toml", 'baseline = "lint/baseline.json"\n')
    editor.write("lint/baseline.json", written([]))
    editor.write("train.py", BROKEN)
    uri = editor.open("train.py", BROKEN)
    (shown,) = await editor.diagnostics(uri)
    fingerprint = shown.data["fingerprint"]  # type: ignore[index, call-overload]
    editor.write("lint/baseline.json", written([Entry("../train.py", RULE, fingerprint)]))
    tell(editor, "lint/baseline.json")
    await editor.until(uri, [])
    editor.edit(uri, "# a line above\n" + BROKEN)
    assert codes(await editor.diagnostics(uri)) == []
    editor.write("lint/baseline.json", '{"version": 2}')
    tell(editor, "lint/baseline.json")
    await until(lambda: any("a newer trainlint wrote it" in each.message for each in editor.client.messages))
