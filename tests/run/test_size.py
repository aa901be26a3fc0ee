"""Large programs: what ends within its fuel, and what is said of one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.programs import run_of
from tests.support.projects import Project, check
from trainlint.semantics.machine import FUEL

HEAD = """
import argparse
import torch
from torch import nn

"""
TRAINING = """
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
batches, held_out = torch.load("batches.pt")
for i, (x, y) in enumerate(batches):
    {flags}
    (nn.functional.mse_loss(net(x), y) / 4).backward()
    if (i + 1) % 4 == 0:
        optimizer.step()
        optimizer.zero_grad()
{after}
"""
SCORE = "print(sum(nn.functional.mse_loss(net(x), y).item() for x, y in held_out))"
BLOCKS = """
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.drop = nn.LayerNorm(64), nn.Dropout(0.1)
        self.first, self.last = nn.Linear(64, 256), nn.Linear(256, 64)

    def forward(self, x):
        return x + self.last(self.drop(nn.functional.gelu(self.first(self.norm(x)))))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([Block() for _ in range(200)])
        self.head = nn.Linear(64, 1)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x)


net = Net()
"""
SMALL = "net = nn.Sequential(nn.Linear(8, 64), nn.Dropout(0.1), nn.Tanh(), nn.Linear(64, 1))\n"
OPTIONS = "parser = argparse.ArgumentParser()\n" + "".join(
    f'parser.add_argument("--f{i}", action="store_true")\n' for i in range(10)
)
FLAGS = "\n".join(
    f"    if args.f{i}:\n        x = x * {i + 2}\n    if y[{i}] > 0:\n        net.train({i % 2 == 0})"
    for i in range(10)
)
LOOPS = "".join("    " * depth + f"for i{depth} in torch.load('{depth}.pt'):\n" for depth in range(4))
PROGRAMS = {
    "four loops": SMALL + LOOPS + "".join(f"                {line}\n" for line in TRAINING.splitlines()[1:-1]),
    "two hundred blocks": BLOCKS + TRAINING,
    "twenty flags that nobody decides": SMALL + OPTIONS + "args = parser.parse_args()\n" + TRAINING,
}


def program(text: str) -> str:
    return HEAD + text.replace("{flags}", FLAGS.strip() if "args =" in text else "pass").replace("{after}", SCORE)


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_large_programs_end(text: str, tmp_path: Path) -> None:
    machine = run_of(program(text), tmp_path).machine
    assert not machine.exhausted
    assert machine.fuel > FUEL / 2


def test_two_hundred_blocks_are_judged_as_one(tmp_path: Path) -> None:
    rules = [each.rule for each in check(Project({"train.py": program(BLOCKS + TRAINING)}), tmp_path)]
    assert rules == ["missing-eval-mode", "missing-no-grad"]


ENDLESS = "def f0(x, seen):\n    return torch.relu(x + len(seen))\n\n\n"
ENDLESS += "".join(
    f"def f{i}(x, seen):\n    seen.append(x)\n    return f{i - 1}(f{i - 1}(x, seen), seen)\n\n\n" for i in range(1, 18)
)
ENDLESS = program(ENDLESS + SMALL + "net(f17(torch.load('x.pt'), []))\n" + TRAINING)


def test_running_out_is_said(project, trainlint) -> None:
    project({"train.py": ENDLESS})
    assert "train.py: too large to follow to its end" in trainlint("train.py", "-v").err
    assert "too large" not in trainlint("train.py").err
