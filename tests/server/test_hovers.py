"""Hover, on findings and on comments, and nowhere else."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.server.editor import Editor
from tests.server.programs import BROKEN, RULE
from trainlint.rules.catalogue import catalogue, page

pytestmark = pytest.mark.asyncio(loop_scope="module")
COMMENT = f"  # trainlint: ignore[{RULE}, nonsense] it is a count"


async def test_a_finding_shows_its_page(editor: Editor):
    uri = editor.open("train.py", BROKEN)
    shown = await editor.hover(uri, 6, 20)
    assert shown is not None
    assert shown.contents == types.MarkupContent(types.MarkupKind.Markdown, page(catalogue()[RULE]))
    assert shown.range == types.Range(types.Position(6, 17), types.Position(6, 25))


async def test_elsewhere_is_nothing(editor: Editor):
    uri = editor.open("train.py", BROKEN)
    for line, character in ((0, 0), (6, 0), (6, 16), (6, 25), (6, 99), (99, 0)):
        assert await editor.hover(uri, line, character) is None


async def test_a_comment_shows_the_page_of_its_rule(editor: Editor):
    uri = editor.open("train.py", BROKEN.replace("model(x), y)", "model(x), y)" + COMMENT))
    line = f"loss = criterion(model(x), y){COMMENT}"
    for place, rule in (("relu-before", RULE), ("ignore", RULE), ("nonsense", "unknown-rule"), ("count", RULE)):
        shown = await editor.hover(uri, 6, line.index(place) + 1)
        assert shown is not None and isinstance(shown.contents, types.MarkupContent)
        assert shown.contents.value == page(catalogue()[rule])
    assert await editor.hover(uri, 6, 3) is None


async def test_a_document_nobody_opened(editor: Editor):
    assert await editor.hover(editor.uri("gone.py"), 0, 0) is None
