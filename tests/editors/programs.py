"""A program with one mistake, for editors that are started on it."""

from __future__ import annotations

RULE = "logits-into-probability-loss"
FIX = "Take the loss for logits"
MISTAKE = """\
import torch
from torch import nn

model = nn.Linear(16, 1)
{}criterion = nn.BCELoss()
optimizer = torch.optim.Adam(model.parameters())

for _ in range(100):
    x, y = torch.randn(32, 16), torch.randint(0, 2, (32, 1)).float()
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
"""
WIDE = MISTAKE.format('names = "日本語😀"; ')
"""The fix is behind characters that each encoding of positions counts in its own way."""
JAPANESE = MISTAKE.format('names = "日本語"; ')
"""For clients that take every character for one unit of UTF-16."""
NARROW = MISTAKE.format("")


def mended(program: str) -> str:
    return program.replace("BCELoss", "BCEWithLogitsLoss")
