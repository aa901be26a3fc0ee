"""The network for the house prices."""

import torch.nn.functional as F
from torch import nn


class PriceNet(nn.Module):
    """From the features of a house to its price, in standard deviations from the mean."""

    def __init__(self, features, hidden=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU())
        self.head = nn.Linear(hidden, 1)

    def forward(self, x):
        return F.relu(self.head(self.body(x)))
