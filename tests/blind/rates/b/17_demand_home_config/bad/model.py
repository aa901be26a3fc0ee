import torch
from torch import nn


class DemandNet(nn.Module):
    def __init__(self, lags: int, channels: int = 24):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(1, channels, 5, padding=2),
            nn.SiLU(),
            nn.Conv1d(channels, channels, 5, padding=2),
            nn.SiLU(),
            nn.AdaptiveAvgPool1d(4),
            nn.Flatten(),
        )
        self.head = nn.Linear(4 * channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(x.unsqueeze(1))).squeeze(1)
