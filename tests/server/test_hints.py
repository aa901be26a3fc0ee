"""Inlay hints: what was inferred, for those who want to see it."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.server.editor import Editor, until
from tests.server.programs import MODELS, TRAIN

pytestmark = pytest.mark.asyncio(loop_scope="module")
PROGRAM = """\
import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.05)
args = parser.parse_args()
model = nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=args.lr * 2)
other = torch.optim.Adam(model.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()
for x, y in loader:
    loss = criterion(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""


def labels(hints) -> list[tuple[int, str]]:
    return [(each.position.line, each.label) for each in hints]


async def test_what_networks_give_and_rates_come_to(editor: Editor):
    uri = editor.open("train.py", PROGRAM)
    assert await editor.hints(uri) == []
    editor.set(showInlayHints=True)
    shown = await editor.hints(uri)
    assert labels(shown) == [(13, "→ (N, 10) logits"), (9, "= 0.1")]
    lines = PROGRAM.splitlines()
    assert shown[0].position.character == lines[13].index(", y)")
    assert shown[1].position.character == len(lines[9]) - 1
    assert "CrossEntropyLoss" in str(shown[0].tooltip) and "SGD" in str(shown[1].tooltip)
    assert labels(await editor.hints(uri, lines=11)) == [(9, "= 0.1")]
    editor.edit(uri, "\n\n" + PROGRAM)
    assert labels(await editor.hints(uri)) == [(15, "→ (N, 10) logits"), (11, "= 0.1")]
    editor.set()
    assert await editor.hints(uri) == []


async def test_ranges_across_files(editor: Editor):
    editor.set(showInlayHints=True)
    editor.write("models.py", MODELS)
    models = editor.open("models.py", MODELS)
    train = editor.open("train.py", TRAIN)
    assert labels(await editor.hints(train)) == [(7, "→ (4, 1) [0, ∞)")]
    before = editor.client.__dict__.get("hints_refreshed", 0)
    editor.edit(models, MODELS.replace("relu", "sigmoid"))
    assert labels(await editor.hints(train)) == [(7, "→ (4, 1) probabilities")]
    editor.edit(models, MODELS)
    capabilities = editor.client.capabilities
    assert capabilities is not None and capabilities.workspace is not None
    if capabilities.workspace.inlay_hint is not None:
        await until(lambda: editor.client.__dict__.get("hints_refreshed", 0) > before)
    editor.set()


async def test_two_programs_that_use_one_function(editor: Editor):
    editor.set(showInlayHints=True)
    editor.write("steps.py", "def step(criterion, out, y):\n    return criterion(out, y)\n")
    steps = editor.open("steps.py", "def step(criterion, out, y):\n    return criterion(out, y)\n")
    program = TRAIN.replace("from models import Net", "from steps import step").replace(
        "Net()", "nn.Sequential(nn.Linear(8, 1))"
    )
    program = program.replace("criterion(model(x), y)", "step(criterion, model(x), y)")
    editor.open("one.py", program)
    editor.open("two.py", program.replace("randn(4", "randn(2"))
    assert labels(await editor.hints(steps)) == [(1, "→ (4, 1) (-∞, ∞) or → (2, 1) (-∞, ∞)")]
    assert [each.kind for each in await editor.hints(steps)] == [types.InlayHintKind.Type]
    editor.open("three.py", program.replace("randn(4", "randn(3"))
    assert await editor.hints(steps) == []  # three alternatives say nothing
    editor.set()
