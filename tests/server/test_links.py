"""Links from the names of rules to their pages."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.server.editor import Editor
from tests.server.programs import BROKEN, RULE
from trainlint.rules.catalogue import catalogue
from trainlint.server.links import in_settings, is_settings

URL = catalogue()[RULE].url


@pytest.mark.asyncio(loop_scope="module")
async def test_in_comments(editor: Editor):
    line = f'd = "😀"  # trainlint: ignore[{RULE}, nonsense] a count'
    uri = editor.open("train.py", BROKEN + line)
    (link,) = await editor.links(uri)
    number = BROKEN.count("\n")
    before = line[: line.index(RULE)]
    column = len(before.encode(editor.encoding + ("-le" if editor.encoding != "utf-8" else "")))
    column //= {"utf-8": 1, "utf-16": 2, "utf-32": 4}[editor.encoding]
    assert link.range == types.Range(types.Position(number, column), types.Position(number, column + len(RULE)))
    assert link.target == URL
    assert link.tooltip == (None if editor.pulls else f"{RULE}: {catalogue()[RULE].summary}")  # which can show none


@pytest.mark.asyncio(loop_scope="module")
async def test_in_a_settings_file_that_is_being_edited(editor: Editor):
    uri = editor.uri("trainlint.toml")
    item = types.TextDocumentItem(uri=uri, language_id="toml", version=1, text=f'ignore = ["{RULE}"]\n')
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    editor.versions[uri] = 1
    (link,) = await editor.links(uri)
    assert (link.target, link.range.start) == (URL, types.Position(0, len('ignore = ["')))


SETTINGS = {
    "select": (f'ignore = ["{RULE}", "learning-rate-too-high"]', 2),
    "a key": (f'[severity]\n{RULE} = "error"', 1),
    "a quoted key": (f'[severity]\n"{RULE}" = "error"', 1),
    "a table of options": ("[options.learning-rate-too-high]\nfactor = 2", 1),
    "a comment": (f"# {RULE}", 0),
    "after a comment sign in a string": (f'[per-file-ignores]\n"#/**" = ["{RULE}"]', 1),
    "a group is no rule": ('ignore = ["optimizer"]', 0),
}


@pytest.mark.parametrize(("text", "expected"), SETTINGS.values(), ids=SETTINGS)
def test_in_settings(text, expected):
    assert len(in_settings("file:///a/trainlint.toml", text, "utf-16")) == expected


def test_of_a_shared_file_only_our_tables_count():
    text = f'[tool.other]\nx = "{RULE}"\n[tool.trainlint]\nignore = ["{RULE}"]\n[tool.trainlint.severity]\n{RULE} = "info"\n[project]\ny = "{RULE}"\n'
    links = in_settings("file:///a/pyproject.toml", text, "utf-8")
    assert [link.range.start.line for link in links] == [3, 5]


def test_what_is_a_settings_file():
    assert is_settings("file:///a/trainlint.toml") and is_settings("file:///a/pyproject.toml")
    assert not is_settings("file:///a/mytrainlint.toml") and not is_settings("file:///a/train.py")
