"""What the server tells of itself."""

from __future__ import annotations

import platform

import pytest
from lsprotocol import types

from tests.server.editor import Editor, until
from tests.server.programs import BROKEN, RULE
from trainlint import __version__
from trainlint.server.trace import Trace

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_client_that_traces_is_told_of_checks(editor: Editor):
    traced: list[types.LogTraceParams] = editor.client.__dict__.setdefault("traced", [])
    uri = editor.open("train.py", BROKEN)
    await editor.diagnostics(uri)
    assert traced == []
    editor.client.set_trace(types.SetTraceParams(types.TraceValue.Messages))
    editor.edit(uri, BROKEN + "\n")
    await until(lambda: bool(traced))
    assert "checked 1 documents" in traced[-1].message and traced[-1].verbose is None
    editor.client.set_trace(types.SetTraceParams(types.TraceValue.Verbose))
    editor.edit(uri, BROKEN + "\n\n")
    await until(lambda: traced[-1].verbose is not None)
    assert f"{uri}: 1 findings" in str(traced[-1].verbose)
    editor.client.set_trace(types.SetTraceParams(types.TraceValue.Off))
    told = len(traced)
    editor.edit(uri, BROKEN)
    await editor.diagnostics(uri)
    assert len(traced) == told


async def test_information_for_people_who_look_into_a_problem(editor: Editor):
    editor.write("trainlint.toml", f'ignore = ["{RULE}"]\n')
    uri = editor.open("train.py", BROKEN)
    await editor.diagnostics(uri)
    text = await editor.client.workspace_execute_command_async(
        types.ExecuteCommandParams("trainlint.debugInformation", [])
    )
    for part in (__version__, "libcst", "pygls", platform.python_version(), uri, "version 1", editor.encoding):
        assert part in text
    assert ("pulls" in text) is editor.pulls
    assert str(editor.root.parent) in text


async def test_levels_that_are_none_trace_nothing():
    told: list[types.LogTraceParams] = []
    trace = Trace(told.append)
    for level in (None, "off", types.TraceValue.Off):
        trace.set(level)
        trace.tell("a", "b")
    assert told == []
