"""Columns, in the units of each client."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pytest_lsp import client_capabilities

from tests.server.conftest import CONFIG
from tests.server.editor import Editor, codes
from tests.server.programs import BROKEN, RULE
from trainlint.server.positions import index, size, units

WIDE = BROKEN.replace("loss = criterion", 's = "日本語😀"; loss = criterion')
COLUMNS = {"utf-8": 25 + 17, "utf-16": 17 + 17, "utf-32": 16 + 17}
ENCODINGS = tuple(COLUMNS)
MODEL_COLUMNS = {encoding: column - len("loss = ") + len("y = ") for encoding, column in COLUMNS.items()}


@pytest.mark.asyncio(loop_scope="module")
async def test_columns_as_this_client_counts(editor: Editor):
    await columns(editor)


@pytest.mark.asyncio(loop_scope="function")
async def test_columns_in_utf_32(tmp_path):
    client = await CONFIG.start()
    folder = types.WorkspaceFolder(uri=tmp_path.as_uri(), name="here")
    await client.initialize_session(
        types.InitializeParams(capabilities=client_capabilities("emacs"), workspace_folders=[folder])
    )
    editor = Editor(client, tmp_path, False, "utf-32")
    await columns(editor)
    await client.shutdown_session()
    await client.stop()


async def columns(editor: Editor) -> None:
    """The line of the findings has characters of one, three and four bytes before the finding."""
    uri = editor.open("train.py", WIDE)
    (shown,) = await editor.diagnostics(uri)
    line = WIDE.splitlines()[6]
    before = line[: line.index("model(x)")]
    expected = {
        "utf-8": len(before.encode()),
        "utf-16": len(before.encode("utf-16-le")) // 2,
        "utf-32": len(before),
    }[editor.encoding]
    assert shown.range.start == types.Position(6, expected)
    assert shown.range.end == types.Position(6, expected + len("model(x)"))
    assert await editor.hover(uri, 6, expected) is not None
    assert await editor.hover(uri, 6, expected - 1) is None
    assert await editor.hover(uri, 6, expected + len("model(x)")) is None
    assert codes([shown]) == [RULE]


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 25), ("utf-16", 17), ("utf-32", 16)])
def test_the_line_of_many_widths(encoding, column):
    text = 's = "日本語😀"; y = relu(x)'
    line, at = text.encode(), len(text[: text.index("relu")].encode())
    assert units(line[:at], encoding) == column
    assert size(line, column, encoding) == at
    assert index("\n" + text, types.Position(1, column), encoding) == 1 + text.index("relu")


@given(st.text(), st.integers(0, 40), st.sampled_from(ENCODINGS))
def test_there_and_back(text, character, encoding):
    line = text.replace("\r", "").replace("\n", "")
    character = min(character, len(line))
    data, at = line.encode("utf-8", "replace"), len(line[:character].encode("utf-8", "replace"))
    column = units(data[:at], encoding)
    assert size(data, column, encoding) == at
    assert size(data, 10_000, encoding) == len(data)


@given(
    st.text(alphabet="ab\n\r\f\v\x1c\x85\u2028é😀"), st.integers(0, 9), st.integers(-1, 9), st.sampled_from(ENCODINGS)
)
def test_only_three_line_ends(text, line, column, encoding):
    at = index(text, types.Position(line, max(column, 0)), encoding)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert 0 <= at <= len(text)
    if line < len(lines):
        assert text[:at].replace("\r\n", "\n").replace("\r", "\n").count("\n") == line
    else:
        assert at == len(text)
