"""The command that accepts what is found now."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types

from tests.server.editor import PATIENCE, until
from tests.server.programs import BROKEN, LOGITS, LOGITS_RULE, RULE, SOUND
from tests.server.test_workspace import UNABLE, Project, plain, started

FILE = "trainlint-baseline.json"
SETTINGS = f'baseline = "{FILE}"\n'
EMPTY = '{"version": 1, "findings": []}'
HOW = f'to use it, say `baseline = "{FILE}"` in the settings'


def entries(folder: Path) -> list[tuple[str, str]]:
    return [(each["path"], each["rule"]) for each in json.loads((folder / FILE).read_text())["findings"]]


async def accept(project: Project, *uris: str, count: int = 1) -> list[tuple[types.MessageType, str]]:
    """What is said when everything is accepted."""
    messages: Sequence[types.ShowMessageParams] = project.client.messages
    before = len(messages)
    parameters = types.ExecuteCommandParams("trainlint.baseline", list(uris))
    assert await asyncio.wait_for(project.client.workspace_execute_command_async(parameters), PATIENCE) is None
    await until(lambda: len(messages) >= before + count)
    return [(types.MessageType(each.type), each.message) for each in messages[before:]]


def said(text: str) -> list[tuple[types.MessageType, str]]:
    return [(types.MessageType.Info, f"trainlint: {text}")]


def refused(text: str) -> list[tuple[types.MessageType, str]]:
    return [(types.MessageType.Error, f"trainlint: {text}")]


async def ended(project: Project) -> None:
    await asyncio.wait_for(project.client.shutdown_session(), PATIENCE)
    await project.client.stop()


@pytest_asyncio.fixture
async def project(tmp_path: Path) -> AsyncIterator[Project]:
    made = await started(tmp_path)
    yield made
    await ended(made)


@pytest.mark.asyncio
async def test_findings_go_and_new_ones_are_shown(project: Project):
    project.write("trainlint.toml", SETTINGS)
    project.write(FILE, EMPTY)
    project.write("closed.py", BROKEN)
    project.write("open.py", BROKEN)
    uri = project.open("open.py", BROKEN)
    await project.until(uri, [RULE])
    assert await accept(project) == said(f"{FILE}: 2 accepted findings (2 new)")
    assert entries(project.root) == [("closed.py", RULE), ("open.py", RULE)]
    await project.until(uri, [])
    project.edit(uri, LOGITS)
    await project.until(uri, [LOGITS_RULE])
    project.write("closed.py", SOUND)
    assert await accept(project) == said(
        f"{FILE}: 1 accepted finding (1 dropped); what is not saved does not count: open.py"
    )
    await project.until(uri, [LOGITS_RULE])


@pytest.mark.asyncio
async def test_without_a_setting_it_says_how_to_use_it(project: Project):
    project.write("train.py", BROKEN)
    uri = project.open("train.py", BROKEN)
    assert await accept(project, project.root.as_uri()) == said(f"{FILE}: 1 accepted finding (1 new); {HOW}")
    await project.until(uri, [RULE])
    project.write("trainlint.toml", SETTINGS)
    project.tell("trainlint.toml", types.FileChangeType.Created)
    await project.until(uri, [])
    assert await accept(project) == said(f"{FILE}: 1 accepted finding (nothing new)")


@pytest.mark.asyncio
async def test_the_same_words_as_on_the_command_line(project: Project):
    project.write("train.py", BROKEN)
    command = (sys.executable, "-m", "trainlint", "baseline")
    run = await asyncio.create_subprocess_exec(*command, cwd=project.root, stderr=asyncio.subprocess.PIPE)
    words = (await run.communicate())[1].decode().splitlines()
    (project.root / FILE).unlink()
    ((_, message),) = await accept(project)
    told = [f"trainlint: note: {each}" for each in message.removeprefix("trainlint: ").split("; ")]
    assert told == [words[0], words[1].removesuffix(f", or `--baseline {FILE}`")]


@pytest.mark.asyncio
async def test_what_cannot_be_written_or_read_is_said_and_left_alone(project: Project):
    project.write("train.py", BROKEN)
    project.write("trainlint.toml", 'baseline = "no/where.json"\n')
    ((kind, message),) = await accept(project)
    assert kind is types.MessageType.Error
    assert message.startswith("trainlint: no/where.json: cannot be written: ")
    project.write("trainlint.toml", SETTINGS)
    project.write(FILE, '{"version": 2}')
    ((kind, message),) = await accept(project)
    assert kind is types.MessageType.Error
    assert "a newer trainlint wrote it" in message
    assert (project.root / FILE).read_text() == '{"version": 2}'


@pytest.mark.asyncio
async def test_one_folder_or_all(tmp_path: Path):
    one, two, other = (tmp_path / name for name in ("one", "two", "other"))
    for each in (one, two, other):
        each.mkdir()
        (each / "trainlint.toml").write_text(SETTINGS)
        (each / "train.py").write_text(BROKEN)
    project = await started(one, two)
    news = f"{FILE}: 1 accepted finding"
    assert await accept(project, two.as_uri()) == said(f"two: {news} (1 new)")
    assert (one / FILE).exists() is False
    assert await accept(project, count=2) == [*said(f"one: {news} (1 new)"), *said(f"two: {news} (nothing new)")]
    assert await accept(project, other.as_uri()) == refused(f"{other.as_uri()}: no such folder is open")
    assert (other / FILE).exists() is False
    await ended(project)


@pytest.mark.asyncio
async def test_with_nothing_to_check_nothing_is_written(project: Project):
    assert await accept(project) == said("no Python files to check, so nothing was written")
    assert not (project.root / FILE).exists()


@pytest.mark.asyncio
async def test_progress_begins_reports_and_ends(tmp_path: Path):
    project = await started(tmp_path, server=UNABLE)
    for number in range(3):
        project.write(f"slow{number}.py", BROKEN)
    await accept(project)
    assert len({each.token for each in project.progressed}) == 1
    told = [plain(each.value) for each in project.progressed]
    assert [each["kind"] for each in told] == ["begin", *(["report"] * (len(told) - 2)), "end"]
    assert told[0]["title"] == f"trainlint: accepting the findings in {tmp_path.name}"
    shares = [each["percentage"] for each in told[:-1]]
    assert len(shares) > 1 and shares == sorted(shares)
    await ended(project)


@pytest.mark.asyncio
async def test_the_end_of_the_session_ends_it(tmp_path: Path):
    project = await started(tmp_path, server=UNABLE)
    for number in range(30):
        project.write(f"slow{number}.py", BROKEN)
    await project.client.workspace_execute_command_async(types.ExecuteCommandParams("trainlint.baseline"))
    await until(lambda: bool(project.progressed))
    await ended(project)
    assert not (tmp_path / FILE).exists()
