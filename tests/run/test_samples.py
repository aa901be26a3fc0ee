"""Networks that are run again: to draw several samples for the same data, or for other data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.programs import rules

PROGRAM = """
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 32)
        self.last = nn.Linear(32, 3)

    def forward(self, x):
        return self.last(F.dropout(self.first(x).relu(), 0.3))


class Noise(Dataset):
    def __getitem__(self, i):
        return torch.randn(8), 0

    def __len__(self):
        return 10


@torch.no_grad()
def run(model, loader):
    found = []
    for ITEM in ITEMS:
        found.append(model(x).softmax(-1))
    return torch.cat(found)


model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
for x, y in torch.load("batches.pt"):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
model.eval()
one, other = LOADERS
AGAIN
"""
ITEMS = {"(x, y)": "loader", "i, (x, y)": "enumerate(loader)", "x": "(x for x, y in loader)"}
LOADERS = {
    "nobody knows": 'torch.load("held.pt")',
    "tensors from a file": '[DataLoader(TensorDataset(*torch.load(f"{n}.pt")), 32) for n in ("a", "b")]',
    "drawn tensors": "[DataLoader(TensorDataset(torch.randn(64, 8), torch.zeros(64)), 32) for _ in range(2)]",
    "drawn samples": "DataLoader(Noise(), 32), DataLoader(Noise(), 32)",
    "lists": "[[(torch.randn(4, 8), 0) for _ in range(3)] for _ in range(2)]",
}
SAMPLES = {
    "a list": "print(torch.stack([run(model, one) for _ in range(20)]).std(0))",
    "a loop": "found = []\nfor _ in range(20):\n    found.append(run(model, one))\nprint(torch.stack(found).std(0))",
}
SCORES = {
    "names": 'for name, loader in [("one", one), ("other", other)]:\n    print(name, run(model, loader))',
    "a dictionary": 'for name, loader in {"one": one, "other": other}.items():\n    print(name, run(model, loader))',
    "a list": "print([run(model, loader) for loader in (one, other)])",
}


def found(item: str, loaders: str, again: str, folder: Path) -> list[str]:
    text = PROGRAM.replace("ITEMS", ITEMS[item]).replace("ITEM", item)
    return rules(text.replace("LOADERS", LOADERS[loaders]).replace("AGAIN", again), folder)


@pytest.mark.parametrize("again", SAMPLES.values(), ids=SAMPLES)
@pytest.mark.parametrize("loaders", LOADERS)
@pytest.mark.parametrize("item", ITEMS)
def test_samples_of_the_same_data(item: str, loaders: str, again: str, tmp_path: Path) -> None:
    assert found(item, loaders, again, tmp_path) == []


@pytest.mark.parametrize("again", SCORES.values(), ids=SCORES)
@pytest.mark.parametrize("loaders", [each for each in LOADERS if each != "drawn samples"])  # which are all alike
@pytest.mark.parametrize("item", ITEMS)
def test_scores_of_other_data(item: str, loaders: str, again: str, tmp_path: Path) -> None:
    assert found(item, loaders, again, tmp_path) == ["always-on-dropout"]


KEPT_ON = """
@torch.no_grad()
def right(model, loader):
    return sum((model(x).argmax(1) == y).sum().item() for x, y in loader)


net = nn.Sequential(nn.Linear(8, 32), nn.Dropout(0.3), nn.Linear(32, 3))
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
for x, y in torch.load("batches.pt"):
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
one, other = torch.load("held.pt")
"""


@pytest.mark.parametrize(
    ("again", "wanted"),
    [
        ("print([right(net, one) for _ in range(20)])", []),
        ("for _ in range(20):\n    print(right(net, one))", []),
        ("for name, loader in ((1, one), (2, other)):\n    print(name, right(net, loader))", ["missing-eval-mode"]),
        ("print([right(net, loader) for loader in (one, other)])", ["missing-eval-mode"]),
        ("print(right(net, one), right(net, other))", ["missing-eval-mode"]),
    ],
)
def test_layers_that_are_left_in_training_mode(again: str, wanted: list[str], tmp_path: Path) -> None:
    head = PROGRAM.partition("class Net")[0]
    assert rules(head + KEPT_ON + again, tmp_path) == wanted
