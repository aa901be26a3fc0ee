import torch
from torch import nn


class GraphGRU(nn.Module):
    """Learned adjacency over the sensors, then a GRU over time."""

    def __init__(self, sensors, hidden, horizon):
        super().__init__()
        self.adjacency = nn.Parameter(0.01 * torch.randn(sensors, sensors))
        self.norm = nn.LayerNorm(sensors)
        self.gru = nn.GRU(sensors, hidden, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(hidden, horizon * sensors)
        self.horizon, self.sensors = horizon, sensors

    def forward(self, x):
        mixed = x + x @ torch.softmax(self.adjacency, dim=1)
        out, _ = self.gru(self.norm(mixed))
        return self.head(self.drop(out[:, -1])).view(-1, self.horizon, self.sensors)
