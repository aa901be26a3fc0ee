import torch
from torch import nn


class DemandNet(nn.Module):
    """One week of hourly demand plus calendar features -> the next 24 hours."""

    def __init__(self, hours=168, calendar=12, width=128, horizon=24):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(hours + calendar, width),
            nn.LayerNorm(width),
            nn.GELU(),
            nn.Dropout(0.2),
            nn.Linear(width, width),
            nn.GELU(),
            nn.Dropout(0.2),
            nn.Linear(width, horizon),
        )

    def forward(self, week, calendar):
        return self.net(torch.cat([week, calendar], dim=-1))
