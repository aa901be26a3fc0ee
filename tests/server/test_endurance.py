"""What a server must survive: slow checks, units that raise, garbage on the wire."""

from __future__ import annotations

import asyncio
import json
import random
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import ClientServerConfig, client_capabilities

from tests.server.conftest import make_client
from tests.server.editor import Editor, codes
from tests.server.programs import BROKEN, FAULTY, RULE
from trainlint.server.checker import LONGEST_WAIT, Checker
from trainlint.server.outcome import Outcome

SERVER = [sys.executable, "-m", "trainlint", "server"]


async def started(folder: Path, profile: str) -> Editor:
    """An editor whose server is slow on files that say so, and fails on bad ones."""
    client = await ClientServerConfig([sys.executable, "-c", FAULTY], client_factory=make_client).start()
    await client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities(profile),
            workspace_folders=[types.WorkspaceFolder(uri=folder.as_uri(), name="here")],
        )
    )
    return Editor(client, folder, profile == "neovim", "utf-16")


@pytest.mark.asyncio
async def test_a_unit_that_raises_costs_only_itself(tmp_path):
    editor = await started(tmp_path, "visual_studio_code")
    bad, good = editor.open("bad.py", BROKEN), editor.open("good.py", BROKEN)
    assert codes(await editor.diagnostics(good)) == [RULE]
    assert codes(await editor.diagnostics(bad)) == []
    editor.edit(bad, BROKEN + "\n")
    await editor.diagnostics(bad)
    said = [each.message for each in editor.client.messages]
    assert said == ["trainlint: bad.py: internal error: RuntimeError: beyond all reason"]
    await editor.client.shutdown_session()
    await editor.client.stop()


@pytest.mark.asyncio
async def test_a_rule_that_raises_costs_only_its_own_findings(tmp_path):
    editor = await started(tmp_path, "visual_studio_code")
    uri = editor.open("partly.py", BROKEN)
    assert codes(await editor.diagnostics(uri)) == [RULE]
    said = [each.message for each in editor.client.messages]
    assert said == ["trainlint: partly.py: internal error in learning-rate-too-high: RuntimeError: this rule only"]
    await editor.client.shutdown_session()
    await editor.client.stop()


@pytest.mark.asyncio
async def test_what_is_too_large_is_said_and_the_rest_checked(tmp_path):
    editor = await started(tmp_path, "visual_studio_code")
    deep = f"deep = {'[' * 200}{']' * 200}\n"
    uri = editor.open("train.py", BROKEN + deep)
    assert codes(await editor.diagnostics(uri)) == [RULE]
    editor.edit(uri, BROKEN + deep + "# more\n")
    await editor.diagnostics(uri)
    (said,) = [each.message for each in editor.client.messages]
    assert said.startswith("trainlint: train.py:9: this statement is too large or too deep")
    await editor.client.shutdown_session()
    await editor.client.stop()


@pytest.mark.asyncio
async def test_edits_wait_for_each_other_as_long_as_a_check_takes():
    checker = Checker(lambda revision: lambda stop: Outcome(revision), lambda outcome: None, lambda error: None)
    assert checker._wait() == 0.0  # the first after a pause
    checker.last_duration = 0.1
    assert checker._wait() == 0.1
    checker.last_duration = 7.0
    assert checker._wait() == LONGEST_WAIT
    checker.last_duration = 0.0
    assert checker._wait() == 0.0
    checker.close()


@pytest.mark.asyncio
async def test_a_cancelled_request_is_answered_at_once(tmp_path):
    editor = await started(tmp_path, "neovim")
    uri = editor.open("slow.py", BROKEN)
    protocol = editor.client.protocol
    begin = time.monotonic()
    parameters = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
    request = protocol.send_request_async("textDocument/diagnostic", parameters, msg_id="slow")
    task = asyncio.ensure_future(request)
    await asyncio.sleep(0.2)
    protocol.notify("$/cancelRequest", types.CancelParams(id="slow"))
    with pytest.raises(JsonRpcException) as raised:
        await task
    assert raised.value.code == -32800
    assert time.monotonic() - begin < 0.9
    assert codes(await editor.diagnostics(uri)) == [RULE]
    await editor.client.shutdown_session()
    await editor.client.stop()


@pytest.mark.asyncio
async def test_edits_during_a_check_are_not_lost(tmp_path):
    editor = await started(tmp_path, "visual_studio_code")
    uri = editor.open("slow.py", BROKEN)
    for number in range(20):
        editor.edit(uri, BROKEN.replace("nn.ReLU()", "nn.Tanh()") + f"# {number}\n")
        await asyncio.sleep(0.02)
    editor.edit(uri, BROKEN + "# the last\n")
    assert codes(await editor.diagnostics(uri)) == [RULE]
    await editor.client.shutdown_session()
    await editor.client.stop()


# Garbage --------------------------------------------------------------------------------------------------------------

METHODS = [
    "initialize",
    "initialized",
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/diagnostic",
    "textDocument/hover",
    "textDocument/codeAction",
    "codeAction/resolve",
    "textDocument/documentLink",
    "textDocument/inlayHint",
    "workspace/diagnostic",
    "$/setTrace",
    "notebookDocument/didOpen",
    "notebookDocument/didChange",
    "workspace/didChangeConfiguration",
    "workspace/didChangeWatchedFiles",
    "workspace/executeCommand",
    "$/cancelRequest",
    "no/such/method",
    "",
]
VALUES: list[Any] = [
    None,
    1,
    -1,
    1e300,
    "",
    "x",
    "\ud800",
    [],
    {},
    True,
    "file:///a.py",
    "untitled:x",
    "::",
    {"uri": 1},
]
KEYS = [
    "textDocument",
    "uri",
    "version",
    "text",
    "position",
    "line",
    "range",
    "contentChanges",
    "settings",
    "cells",
    "id",
]


def value(chance: random.Random, depth: int = 0) -> Any:
    if depth < 3 and chance.random() < 0.5:
        return {key: value(chance, depth + 1) for key in chance.sample(KEYS, chance.randrange(5))}
    return chance.choice(VALUES)


def message(chance: random.Random) -> bytes:
    """Something like a message of the protocol."""
    body: Any = {"jsonrpc": "2.0", "method": chance.choice(METHODS), "params": value(chance)}
    if chance.random() < 0.5:
        body["id"] = chance.choice([1, "a", None, 1.5, {}])
    if chance.random() < 0.1:
        body = value(chance)
    data = json.dumps(body).encode()
    if chance.random() < 0.2:
        data = data[: chance.randrange(1, len(data) + 1)]
    if chance.random() < 0.1:
        data = chance.randbytes(20)
    return frame(data)


def frame(data: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%s" % (len(data), data)


def request(number: int, method: str, parameters: Any) -> bytes:
    return frame(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}).encode())


def notification(method: str, parameters: Any) -> bytes:
    return frame(json.dumps({"jsonrpc": "2.0", "method": method, "params": parameters}).encode())


def test_garbage_between_messages_does_no_harm(tmp_path):
    chance = random.Random(7)
    uri = (tmp_path / "train.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": BROKEN}
    stream = b"".join(message(chance) for _ in range(150))
    stream += request(1001, "initialize", {"capabilities": {}, "processId": None, "rootUri": tmp_path.as_uri()})
    stream += b"".join(message(chance) for _ in range(150))
    stream += notification("textDocument/didOpen", {"textDocument": document})
    stream += b"".join(message(chance) for _ in range(50))
    position = {"line": 6, "character": 20}
    stream += request(1002, "textDocument/hover", {"textDocument": {"uri": uri}, "position": position})
    with subprocess.Popen(SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(stream)
        process.stdin.flush()
        seen = b""
        while b'"id": 1002' not in seen:
            line = process.stdout.readline()
            assert line, "the server has died"
            seen += line
            if line.startswith(b"Content-Length"):
                size = int(line.split(b":")[1])
                while process.stdout.readline() != b"\r\n":
                    pass
                seen += process.stdout.read(size)
        assert b"relu-before-regression" in seen
        process.stdin.write(request(1003, "shutdown", None) + notification("exit", None))
        process.stdin.close()
        process.stdout.read()
        assert process.wait(timeout=20) == 0


@pytest.mark.parametrize("seed", range(3))
def test_a_stream_that_ends_anywhere_ends_the_server(seed):
    chance = random.Random(seed)
    stream = b"".join(message(chance) for _ in range(30))
    stream = stream[: chance.randrange(len(stream))] + chance.randbytes(seed * 50)
    process = subprocess.run(SERVER, input=stream, capture_output=True, timeout=30, check=False)
    assert process.returncode in (0, 1)
    assert b"Fatal" not in process.stderr


def test_over_tcp(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([*SERVER, "--tcp", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL)
    try:
        with connected(port) as connection:
            connection.sendall(request(1, "initialize", {"capabilities": {}, "processId": None, "rootUri": None}))
            assert b"hoverProvider" in connection.recv(1 << 16)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()


def connected(port: int) -> socket.socket:
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except OSError:
            time.sleep(0.05)
    raise AssertionError("nobody listens")


def test_an_address_that_is_none(trainlint):
    run = trainlint("server", "--tcp", "nowhere")
    assert run.code == 2
    assert "is not HOST:PORT" in run.err
