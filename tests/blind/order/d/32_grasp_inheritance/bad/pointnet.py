"""Permutation-invariant encoder for depth-camera point clouds."""
from torch import nn


class PointEncoder(nn.Module):
    def __init__(self, outputs=40):
        super().__init__()
        self.point = nn.Sequential(
            nn.Conv1d(3, 64, 1, bias=False), nn.BatchNorm1d(64), nn.ReLU(),
            nn.Conv1d(64, 128, 1, bias=False), nn.BatchNorm1d(128), nn.ReLU(),
        )
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(128, outputs)

    def forward(self, cloud):
        pooled = self.point(cloud).amax(dim=-1)
        return self.head(self.drop(pooled))
