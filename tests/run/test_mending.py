"""Changes of networks and losses: where they are offered, and where something is not certain enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import projects as p

PROGRAM = """\
import torch
import torch.nn.functional as F
from torch import nn
{imports}

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(6, 4)
        self.last = nn.Softmax(dim=1)

    def forward(self, x):
        return {output}


net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
criterion = {loss}
for x, y in torch.load("batches.pt"):
    optimizer.zero_grad()
    criterion(net(x), y).backward()
    optimizer.step()
"""


def after(tmp_path: Path, output: str, loss: str = "nn.CrossEntropyLoss()", imports: str = "") -> str:
    """What a fix makes of the output or of the loss; empty if there is none."""
    text = PROGRAM.format(output=output, loss=loss, imports=imports)
    project = p.Project({"program.py": text})
    (finding,) = p.check(project, tmp_path)
    made = p.fixed(project, tmp_path).files["program.py"]
    assert (made != text) == bool(finding.fixes)
    changed = set(made.splitlines()) - set(text.splitlines())
    return "".join(changed).strip().removeprefix("return ").removeprefix("criterion = ")


@pytest.mark.parametrize(
    ("output", "wanted"),
    [
        ("F.softmax(self.head(x), dim=1)", "self.head(x)"),
        ("F.softmax(input=self.head(x), dim=1)", "self.head(x)"),
        ("self.head(x).softmax(dim=1)", "self.head(x)"),
        ("self.last(self.head(x))", "self.head(x)"),
        ("nn.Softmax(dim=1)(self.head(x))", "self.head(x)"),
        ("torch.softmax(self.head(x) + 1, 1)", "self.head(x) + 1"),
        ("torch.softmax(self.head(x) + 1, 1).float()", "(self.head(x) + 1).float()"),
        ("nn.Sequential(self.head, nn.Softmax(dim=1))(x)", "nn.Sequential(self.head)(x)"),
    ],
)
def test_an_activation_is_taken_away_wherever_it_is_written(tmp_path: Path, output: str, wanted: str) -> None:
    assert after(tmp_path, output) == wanted


def test_an_activation_with_unknown_arguments_stays(tmp_path: Path) -> None:
    assert after(tmp_path, "F.softmax(*[self.head(x)], dim=1)") == ""


@pytest.mark.parametrize(
    ("loss", "imports", "wanted"),
    [
        ("nn.BCELoss()", "", "nn.BCEWithLogitsLoss()"),
        ('nn.BCELoss(reduction="sum")', "", 'nn.BCEWithLogitsLoss(reduction="sum")'),
        ("F.binary_cross_entropy", "", ""),  # here it is not called
        ("BCELoss()", "from torch.nn import BCELoss\n", ""),  # the import would have to change too
        ("nn.BCELoss(None)", "", ""),
        ("nn.BCELoss(**{})", "", ""),
    ],
)
def test_another_loss_takes_its_place_with_the_same_arguments(
    tmp_path: Path, loss: str, imports: str, wanted: str
) -> None:
    assert after(tmp_path, "self.head(x)", loss, imports) == wanted


def test_a_name_that_something_else_binds_too_means_nothing(tmp_path: Path) -> None:
    imports = "def other(nn):\n    return nn\n"
    assert after(tmp_path, "self.head(x)", "nn.BCELoss()", imports) == ""


def test_what_only_another_choice_makes_wrong_is_not_mended(tmp_path: Path) -> None:
    """With the default the network needs its softmax."""
    text = """\
import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--loss", default="nll", choices=["nll", "entropy"])
args = parser.parse_args()
net = nn.Sequential(nn.Linear(6, 4), nn.LogSoftmax(dim=1))
criterion = nn.NLLLoss() if args.loss == "nll" else nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for x, y in torch.load("batches.pt"):
    optimizer.zero_grad()
    criterion(net(x), y).backward()
    optimizer.step()
"""
    project = p.Project({"program.py": text})
    (finding,) = p.check(project, tmp_path)
    assert finding.rule == "softmax-before-cross-entropy"
    assert finding.fixes == ()
