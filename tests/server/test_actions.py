"""Code actions, and the comments that they write."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types

from tests.server.editor import Editor, codes
from tests.server.programs import BROKEN, RULE, SOUND
from trainlint.engine.ignoring import Ignoring
from trainlint.model import Confidence, Edit, Finding, Fix, Safety, Severity, Span
from trainlint.server.actions import actions
from trainlint.server.client import Client
from trainlint.server.comments import ignoring
from trainlint.server.outcome import Found, Outcome, View
from trainlint.server.sheets import sheets
from trainlint.source.source import Source
from trainlint.source.sources import Sources

CALL = "loss = criterion(model(x), y)"


@pytest.mark.asyncio(loop_scope="module")
class TestInTheEditor:
    async def test_what_is_offered(self, editor: Editor):
        uri = editor.open("train.py", BROKEN)
        (shown,) = await editor.diagnostics(uri)
        found = await editor.actions(uri, shown.range)
        assert [each.title for each in found] == [
            "Remove nn.ReLU (changes training)",
            f"Ignore {RULE} here, with a reason",
            f"Explain {RULE}",
        ]
        assert isinstance(found[0], types.CodeAction)
        assert found[0].is_preferred is None
        assert found[0].diagnostics and codes(found[0].diagnostics) == [RULE]
        cursor = types.Range(types.Position(6, 18), types.Position(6, 18))
        assert len(await editor.actions(uri, cursor)) == 3
        assert len(await editor.actions(uri, cursor, [types.CodeActionKind.QuickFix])) == 3
        assert await editor.actions(uri, cursor, [types.CodeActionKind.SourceFixAll]) == []
        elsewhere = types.Range(types.Position(1, 0), types.Position(2, 3))
        assert await editor.actions(uri, elsewhere) == []

    async def test_the_comment_silences_the_finding(self, editor: Editor):
        uri = editor.open("train.py", BROKEN)
        (shown,) = await editor.diagnostics(uri)
        action = (await editor.actions(uri, shown.range))[1]
        assert isinstance(action, types.CodeAction) and action.edit is not None
        silenced = editor.applied(BROKEN, uri, action.edit)
        assert silenced == BROKEN.replace(CALL, f"{CALL}  # trainlint: ignore[{RULE}] TODO: say why")
        editor.edit(uri, silenced)
        assert codes(await editor.diagnostics(uri)) == []

    async def test_a_fix_takes_the_finding_away(self, editor: Editor):
        uri = editor.open("train.py", BROKEN)
        (shown,) = await editor.diagnostics(uri)
        action = (await editor.actions(uri, shown.range))[0]
        assert isinstance(action, types.CodeAction) and action.edit is not None
        mended = editor.applied(BROKEN, uri, action.edit)
        assert mended == SOUND
        editor.edit(uri, mended)
        assert codes(await editor.diagnostics(uri)) == []

    async def test_diagnostics_that_come_back_are_known_by_their_data(self, editor: Editor):
        text = BROKEN.replace("loss = ", "# trainlint: ignore[nonsense] why\nloss = ")
        uri = editor.open("train.py", text)
        first, second = await editor.diagnostics(uri)
        assert codes([first, second]) == ["unknown-rule", RULE]
        everything = types.Range(types.Position(0, 0), types.Position(9, 0))
        titles = [each.title for each in await editor.actions(uri, everything, named=[second])]
        assert titles[-1] == f"Explain {RULE}" and "Explain unknown-rule" not in titles
        foreign = types.Diagnostic(second.range, "of another tool", data={"rule": "E501"})
        assert "Explain unknown-rule" in [each.title for each in await editor.actions(uri, everything, named=[foreign])]

    async def test_explain(self, editor: Editor):
        before = len(editor.client.messages) + len(editor.client.shown_documents)
        await editor.client.workspace_execute_command_async(types.ExecuteCommandParams("trainlint.explain", [RULE]))
        assert len(editor.client.messages) + len(editor.client.shown_documents) == before + 1


LINES = {
    "plain": ("y = f(x)\n", "y = f(x)  {c}\n"),
    "no line end": ("y = f(x)", "y = f(x)  {c}"),
    "blanks at the end": ("y = f(x)   \n", "y = f(x)  {c}\n"),
    "windows": ("a = 1\r\ny = f(x)\r\nb = 2\r\n", "a = 1\r\ny = f(x)  {c}\r\nb = 2\r\n"),
    "a comment": ("if a:\n    y = f(x)  # note\n", "if a:\n    {c}\n    y = f(x)  # note\n"),
    "a comment, windows": ("y = f(x)  # note\r\n", "{c}\r\ny = f(x)  # note\r\n"),
    "a backslash": ("y = f(x) + \\\n    1\n", "y = f(x) + \\\n    1  {c}\n"),
    "a string that goes on": ('y = f(x, """a\nb""")\n', 'y = f(x, """a\nb""")  {c}\n'),
    "a bracket": ("y = f(\n    x,\n    1,\n)\n", "y = f(\n    x,  {c}\n    1,\n)\n"),
    "a bracket with a comment": ("y = f(\n    x,  # note\n    1,\n)\n", "y = f(\n    x,  # note\n    1,  {c}\n)\n"),
    "inside a string": ('y = (f"""\n{x}\n""")\n', 'y = (f"""\n{x}\n""")  {c}\n'),
    "a string with a hash": ('y = f(x, "#")\n', 'y = f(x, "#")  {c}\n'),
    "two statements": ("a = 1; y = f(x); b = 2\n", "a = 1; y = f(x); b = 2  {c}\n"),
    "another rule is ignored": (
        "y = f(x)  # trainlint: ignore[other] why\n",
        f"y = f(x)  # trainlint: ignore[other, {RULE}] why\n",
    ),
    "another rule is ignored above": (
        "# trainlint: ignore[other] why\ny = f(x)\n",
        f"# trainlint: ignore[other, {RULE}] why\ny = f(x)\n",
    ),
}


def commented(text: str) -> tuple[str, bool]:
    """The text with the comment for a finding at the first ``x``, and whether that silences it."""
    data = text.encode()
    finding = at(data.index(b"x"))
    edit = ignoring(Source.of_text("a.py", text), finding)
    assert edit is not None
    start, end = edit.span.start, edit.span.end
    after = data[:start] + edit.content.encode() + data[end:]
    shift = len(edit.content.encode()) - (end - start) if start <= finding.span.start else 0
    moved = at(finding.span.start + shift)
    return after.decode(), Ignoring(Sources(Path("/nowhere"), {"a.py": after})).silences(moved)


def at(offset: int) -> Finding:
    return Finding(RULE, Severity.WARNING, Confidence.HIGH, "m", Span("a.py", offset, offset + 1))


@pytest.mark.parametrize(("text", "expected"), LINES.values(), ids=LINES)
def test_where_the_comment_goes(text, expected):
    after, silenced = commented(text)
    assert after == expected.replace("{c}", f"# trainlint: ignore[{RULE}] TODO: say why")
    assert silenced


PIECES = [
    "y = (x,\n 1)\n",
    "y = x \\\n + 1\n",
    'y = """x\n"""\n',
    "y = [  # c\n x]  # d\n",
    "if x:\n  pass # é\n",
    "x\r\n",
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from([piece.replace("x", "z") for piece in PIECES]), max_size=3), st.sampled_from(PIECES))
def test_the_comment_always_silences(before, piece):
    text = "".join(before) + piece
    after, silenced = commented(text)
    assert silenced
    compile(after, "a.py", "exec")


def test_a_fix_is_offered():
    text = "x = 1  # trainlint: ignore[other] why\n"
    source = Source.of_text("a.py", text)
    fix = Fix("Remove it", Safety.SAFE, (Edit(Span("a.py", 5, 37), ""),))
    finding = Finding("unused-ignore", Severity.WARNING, Confidence.HIGH, "m", Span("a.py", 27, 32), fixes=(fix,))
    (sheet,) = sheets(Path("/nowhere"), source, (("file:///nowhere/a.py", 7),), "utf-16")
    shown = types.Diagnostic(sheet.range(27, 32), "m")
    view = View(sheet, (Found(finding, shown),), "id")
    outcome = Outcome(1, {sheet.uri: view})
    context = types.CodeActionContext(diagnostics=[])
    first = actions(outcome, view, shown.range, context, versioned=True)[0]
    assert (first.title, first.is_preferred) == ("Remove it", True)
    assert first.edit is not None and first.edit.document_changes is not None
    (change,) = first.edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.version == 7
    assert change.edits[0] == types.TextEdit(types.Range(types.Position(0, 5), types.Position(0, 37)), "")
    plain = actions(outcome, view, shown.range, context, versioned=False)[0]
    assert plain.edit is not None and plain.edit.changes == {sheet.uri: [change.edits[0]]}


def test_which_clients_pull_cells():
    def client(**capabilities: object) -> Client:
        pull = types.DiagnosticClientCapabilities(dynamic_registration=True, **capabilities)  # type: ignore[arg-type]
        return Client.of(types.ClientCapabilities(text_document=types.TextDocumentClientCapabilities(diagnostic=pull)))

    assert not Client.of(types.ClientCapabilities()).pulls
    assert (client().pulls, client().pulls_cells) == (True, False)
    assert client(data_support=True).pulls_cells
