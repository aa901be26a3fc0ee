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
