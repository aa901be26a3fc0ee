"""Diagnostics, pushed and pulled."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.server.editor import Editor, codes, published
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


async def test_an_edit_takes_it_away_and_brings_it_back(editor: Editor):
    uri = editor.open("train.py", BROKEN)
    assert codes(await editor.diagnostics(uri)) == [RULE]
    editor.edit(uri, SOUND)
    assert codes(await editor.diagnostics(uri)) == []
    editor.edit(uri, BROKEN)
    assert codes(await editor.diagnostics(uri)) == [RULE]
