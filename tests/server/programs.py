"""Programs for tests of the server."""

BROKEN = """\
import torch
from torch import nn

model = nn.Sequential(nn.Linear(8, 8), nn.ReLU())
criterion = nn.MSELoss()
x, y = torch.randn(4, 8), torch.randn(4, 8)
loss = criterion(model(x), y)
loss.backward()
"""
SOUND = BROKEN.replace(", nn.ReLU()", "")
RULE = "relu-before-regression"

MODELS = """\
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(8, 1)

    def forward(self, x):
        return self.head(x).relu()
"""
TRAIN = """\
import torch
from models import Net
from torch import nn

model = Net()
criterion = nn.MSELoss()
x, y = torch.randn(4, 8), torch.randn(4, 1)
loss = criterion(model(x), y)
loss.backward()
"""

LOGITS = """\
import torch
from torch import nn

model = nn.Sequential(nn.Linear(8, 1))
criterion = nn.BCELoss()
x, y = torch.randn(4, 8), torch.randint(0, 2, (4, 1)).float()
loss = criterion(model(x), y)
loss.backward()
"""
LOGITS_RULE = "logits-into-probability-loss"

FAULTY = """
import time
from trainlint.cli import main
from trainlint.engine import unit
def check(path, sources, options, watch=None, real=unit.check):
    if path.startswith("bad"):
        raise RuntimeError("beyond all reason")
    if path.startswith("slow"):
        time.sleep(1.0)
    return real(path, sources, options, watch)
unit.check = check
def check_of(group, name, real=unit.check_of):
    rule = real(group, name)
    def sometimes(run, **given):
        if run.machine.program.root.startswith("partly") and name == "learning-rate-too-high":
            raise RuntimeError("this rule only")
        return rule(run, **given)
    return sometimes
unit.check_of = check_of
raise SystemExit(main(["server"]))
"""
"""A server that fails on bad files, takes its time for slow ones, and has a rule that fails on some."""
