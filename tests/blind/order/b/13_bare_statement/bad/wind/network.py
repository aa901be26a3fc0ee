import torch
from torch import nn


class WindNet(nn.Module):
    """Turbine output of the next hour from the last 24 hours of five weather series."""

    def __init__(self, series=5, hours=24):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv1d(series, 32, 3, padding=1), nn.BatchNorm1d(32), nn.ReLU(),
            nn.Conv1d(32, 32, 3, padding=1), nn.BatchNorm1d(32), nn.ReLU(),
        )
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(32 * hours, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, x):
        return self.head(self.conv(x))
