import torch
from torch import nn


class BatteryNet(nn.Module):
    """Capacity, resistance and failure mode from one charging curve."""

    def __init__(self, modes=3, hidden=64):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(2, 16, 7, stride=2), nn.BatchNorm1d(16), nn.ReLU(),
            nn.Conv1d(16, 32, 7, stride=2), nn.BatchNorm1d(32), nn.ReLU(),
            nn.AdaptiveAvgPool1d(2), nn.Flatten(),
            nn.Linear(64, hidden), nn.ReLU(),
        )
        self.heads = nn.ModuleDict({
            "capacity": nn.Linear(hidden, 1),
            "resistance": nn.Linear(hidden, 1),
            "mode": nn.Linear(hidden, modes),
        })

    def forward(self, curve):
        h = self.body(curve)
        return {name: head(h) for name, head in self.heads.items()}
