"""Calls that are remembered change nothing but the time that a check takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainlint.engine import unit
from trainlint.rules.catalogue import catalogue
from trainlint.semantics import machine
from trainlint.source.sources import Sources

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "examples").rglob("*.py"))
OPTIONS = unit.UnitOptions(rules=frozenset(catalogue()))


def reported(path: str) -> list[unit.Reported]:
    return list(unit.check(path, Sources(ROOT), OPTIONS).findings)


@pytest.mark.parametrize("path", PROGRAMS)
def test_nothing_differs_without_it(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered = [each.finding for each in reported(path)]
    monkeypatch.setattr(machine, "Memo", lambda: None)
    assert [each.finding for each in reported(path)] == remembered


def test_a_network_that_is_called_often_is_interpreted_once(tmp_path: Path) -> None:
    layers = "\n".join(f"        x = F.relu(self.inner(x)) + {index}" for index in range(60))
    program = (
        "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n"
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.inner = nn.Linear(4, 4)\n    def forward(self, x):\n" + layers + "\n        return x\n"
        "net = Net()\noptimizer = torch.optim.Adam(net.parameters())\n"
    )
    calls = "F.mse_loss(net(torch.randn(8, 4)), torch.randn(8, 4)).backward()\n"
    steps = []
    for count in (3, 30):
        sources = Sources(tmp_path, {"train.py": (program + calls * count).encode()})
        run = unit.analyse("train.py", sources, unit.knowledge_of(()))
        steps.append(machine.FUEL - run.machine.fuel)
    assert steps[1] < 2 * steps[0]
