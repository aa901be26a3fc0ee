"""Diagnostics of the whole workspace: files that nobody has open."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from attrs import define, field
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from tests.server.conftest import CONFIG, make_client
from tests.server.editor import PATIENCE, Editor, codes
from tests.server.programs import BROKEN, FAULTY, MODELS, RULE, SOUND, TRAIN

Items = Mapping[str, Any]
UNABLE = ClientServerConfig([sys.executable, "-c", FAULTY], client_factory=make_client)


@define
class Project(Editor):
    """An editor that shows the findings of all files, and keeps the result ids."""

    known: dict[str, str] = field(factory=dict)
    kinds: dict[str, str] = field(factory=dict)

    async def all(self, **tokens: str) -> dict[str, list[str] | None]:
        """The rules by file as the next answer tells them; None for what is as it was."""
        report = await asyncio.wait_for(self.asked(**tokens), PATIENCE)
        return self.taken(report.items)

    def asked(self, **tokens: str):
        previous = [types.PreviousResultId(uri, value) for uri, value in self.known.items()]
        return self.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(previous, **tokens))

    def taken(self, items) -> dict[str, list[str] | None]:
        found: dict[str, list[str] | None] = {}
        for each in items:
            name = Path(each.uri).name
            if isinstance(each, types.WorkspaceUnchangedDocumentDiagnosticReport):
                assert each.result_id == self.known[each.uri]
                found[name] = None
                continue
            found[name] = codes(each.items)
            if each.result_id is None:
                self.known.pop(each.uri, None)
            else:
                self.known[each.uri] = each.result_id
        return found

    def tell(self, name: str, kind: types.FileChangeType = types.FileChangeType.Changed) -> None:
        event = types.FileEvent(self.uri(name), kind)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    @property
    def progressed(self) -> list[types.ProgressParams]:
        held: list[types.ProgressParams] = self.client.__dict__.setdefault("progressed", [])
        return held


async def started(folder: Path, *others: Path, server: ClientServerConfig = CONFIG, **settings: object) -> Project:
    client: LanguageClient = await server.start()
    await client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities("neovim"),
            workspace_folders=[types.WorkspaceFolder(each.as_uri(), each.name) for each in (folder, *others)],
            initialization_options={"settings": settings},
        )
    )
    return Project(client, folder, True, "utf-8")


@pytest_asyncio.fixture
async def project(tmp_path: Path) -> AsyncIterator[Project]:
    made = await started(tmp_path, diagnosticMode="workspace")
    yield made
    await asyncio.wait_for(made.client.shutdown_session(), PATIENCE)
    await made.client.stop()


@pytest.mark.asyncio
async def test_all_files_and_then_only_what_changes(project: Project):
    project.write("models.py", MODELS)
    project.write("train.py", TRAIN)
    project.write("sub/other.py", BROKEN)
    project.write("venv/lib.py", BROKEN)
    assert await project.all() == {"models.py": [], "train.py": [RULE], "other.py": [RULE]}
    held = asyncio.ensure_future(project.asked())
    await asyncio.sleep(0.7)
    assert not held.done()
    project.write("models.py", MODELS.replace(".relu()", ""))
    project.tell("models.py")
    report = await asyncio.wait_for(held, PATIENCE)
    assert project.taken(report.items) == {"models.py": None, "train.py": [], "other.py": None}

    held = asyncio.ensure_future(project.asked())
    (project.root / "sub/other.py").unlink()
    project.write("new.py", SOUND)
    project.tell("sub/other.py", types.FileChangeType.Deleted)
    report = await asyncio.wait_for(held, PATIENCE)
    assert project.taken(report.items) == {"models.py": None, "train.py": None, "new.py": [], "other.py": []}

    held = asyncio.ensure_future(project.asked())  # texts that are not saved count for files that are not open
    models = project.open("models.py", MODELS)
    report = await asyncio.wait_for(held, PATIENCE)
    assert project.taken(report.items)["train.py"] == [RULE]
    (opened,) = [each for each in report.items if each.uri == models]
    assert opened.version == 1


@pytest.mark.asyncio
async def test_a_request_that_is_held_can_be_cancelled_or_ends_with_the_session(tmp_path: Path):
    project = await started(tmp_path, diagnosticMode="workspace")
    project.write("train.py", BROKEN)
    await project.all()
    previous = [types.PreviousResultId(uri, value) for uri, value in project.known.items()]
    parameters = types.WorkspaceDiagnosticParams(previous)
    protocol = project.client.protocol
    task = asyncio.ensure_future(protocol.send_request_async("workspace/diagnostic", parameters, msg_id="held"))
    await asyncio.sleep(0.2)
    protocol.notify("$/cancelRequest", types.CancelParams(id="held"))
    with pytest.raises(JsonRpcException) as raised:
        await asyncio.wait_for(task, PATIENCE)
    assert raised.value.code == -32800
    last = asyncio.ensure_future(project.asked())
    await asyncio.sleep(0.2)
    await asyncio.wait_for(project.client.shutdown_session(), PATIENCE)
    with pytest.raises(JsonRpcException):
        await asyncio.wait_for(last, PATIENCE)
    await project.client.stop()


@pytest.mark.asyncio
async def test_partial_results_and_progress(project: Project):
    for number in range(70):
        project.write(f"m{number:02}.py", BROKEN if number == 3 else "x = 1\n")
    assert await project.all(partial_result_token="parts", work_done_token="work") == {}
    parts = [each.value for each in project.progressed if each.token == "parts"]
    assert all(isinstance(each, dict) or hasattr(each, "items") for each in parts)
    shown: list[dict[str, list[str] | None]] = []
    for part in parts:
        items = project.client.protocol._converter.structure(plain(part), types.WorkspaceDiagnosticReportPartialResult)
        shown.append(project.taken(items.items))
    assert shown[0] == {"m03.py": [RULE]}  # it is shown before all is known
    assert [len(each) for each in shown[1:]] == [50, 20]
    assert sum(len(codes or ()) for each in shown[1:] for codes in each.values()) == 0
    work = [plain(each.value) for each in project.progressed if each.token == "work"]
    assert [each["kind"] for each in work[:1] + work[-1:]] == ["begin", "end"]
    assert work[0]["title"] == "trainlint: checking the workspace"


def plain(value: Any) -> dict[str, Any]:
    """The JSON of a progress value, which the client may keep as an object of its own."""
    if isinstance(value, dict):
        return {
            key: plain(each) if not isinstance(each, list) else [plain(one) for one in each]
            for key, each in value.items()
        }
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    return value


@pytest.mark.asyncio
async def test_progress_that_the_server_begins_by_itself(tmp_path: Path):
    project = await started(tmp_path, server=UNABLE, diagnosticMode="workspace")
    for number in range(3):
        project.write(f"slow{number}.py", BROKEN)
    await project.all()
    tokens = {each.token for each in project.progressed}
    assert len(tokens) == 1
    told = [plain(each.value) for each in project.progressed]
    assert [each["kind"] for each in told] == ["begin", *(["report"] * (len(told) - 2)), "end"]
    assert told[0]["title"] == "trainlint: checking the workspace"
    await project.client.shutdown_session()
    await project.client.stop()


@pytest.mark.asyncio
async def test_what_the_command_line_has_found_is_known_and_the_other_way_round(tmp_path: Path):
    (tmp_path / "bad.py").write_text(BROKEN)
    check = [sys.executable, "-m", "trainlint", "check", "--verbose", "."]
    subprocess.run(check, cwd=tmp_path, capture_output=True)
    project = await started(tmp_path, server=UNABLE, diagnosticMode="workspace")
    assert await project.all() == {"bad.py": [RULE]}  # which it could not find out
    project.write("other.py", BROKEN)
    project.tell("other.py", types.FileChangeType.Created)
    assert await project.all() == {"bad.py": None, "other.py": [RULE]}
    await project.client.shutdown_session()
    await project.client.stop()
    run = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True)
    assert "2 files known from earlier runs" in run.stderr


@pytest.mark.asyncio
async def test_a_module_that_was_never_saved_counts(project: Project):
    project.write("train.py", TRAIN)
    assert await project.all() == {"train.py": []}
    models = project.open("models.py", MODELS)
    assert (await project.all())["train.py"] == [RULE]
    project.close(models)
    assert (await project.all())["train.py"] == []


@pytest.mark.asyncio
async def test_an_empty_workspace_is_answered_once(project: Project):
    assert await project.all() == {}
    held = asyncio.ensure_future(project.asked())
    await asyncio.sleep(0.3)
    assert not held.done()
    project.write("train.py", BROKEN)
    project.tell("train.py", types.FileChangeType.Created)
    assert project.taken((await asyncio.wait_for(held, PATIENCE)).items) == {"train.py": [RULE]}


@pytest.mark.asyncio
async def test_comments_that_silence_nothing_are_faded(project: Project):
    project.write("pyproject.toml", "[tool.trainlint]\n")
    project.write("train.py", SOUND.replace("model = ", f"# trainlint: ignore[{RULE}] an old reason\nmodel = "))
    report = await asyncio.wait_for(project.asked(), PATIENCE)
    (full,) = report.items
    assert isinstance(full, types.WorkspaceFullDocumentDiagnosticReport)
    (shown,) = full.items
    assert (shown.code, *(shown.tags or ())) == ("unused-ignore", types.DiagnosticTag.Unnecessary)


@pytest.mark.asyncio
async def test_only_open_files_until_the_mode_changes(tmp_path: Path):
    project = await started(tmp_path)
    project.write("train.py", BROKEN)
    held = asyncio.ensure_future(project.asked())
    await asyncio.sleep(0.3)
    assert not held.done()
    project.set(diagnosticMode="workspace")
    assert project.taken((await asyncio.wait_for(held, PATIENCE)).items) == {"train.py": [RULE]}
    await project.client.shutdown_session()
    await project.client.stop()


@pytest.mark.asyncio
async def test_several_folders_one_in_the_other(tmp_path: Path):
    inner = tmp_path / "inner"
    inner.mkdir()
    project = await started(tmp_path, inner, diagnosticMode="workspace")
    project.write("outer.py", BROKEN)
    project.write("inner/inner.py", BROKEN)
    project.write("inner/trainlint.toml", f'ignore = ["{RULE}"]\n')
    report = await asyncio.wait_for(project.asked(), PATIENCE)
    assert len(report.items) == 2
    assert project.taken(report.items) == {"outer.py": [RULE], "inner.py": []}
    await project.client.shutdown_session()
    await project.client.stop()


@pytest.mark.asyncio(loop_scope="module")
async def test_a_client_that_is_pushed_to_cannot_ask(editor: Editor):
    request = editor.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
    if editor.pulls:  # and held, as only open files are wanted
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(request, 0.2)
    else:
        with pytest.raises(JsonRpcMethodNotFound):
            await request
