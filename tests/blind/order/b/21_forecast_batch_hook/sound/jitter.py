import torch
from torch import nn

from loop import Loop


class Forecaster(nn.Module):
    def __init__(self, width=48, hidden=64, horizon=6):
        super().__init__()
        self.jitter = 0.0
        self.body = nn.Sequential(
            nn.Linear(width, hidden), nn.ReLU(),
            nn.Linear(hidden, hidden), nn.ReLU(),
            nn.Linear(hidden, horizon),
        )

    def forward(self, window):
        if self.training and self.jitter > 0:
            window = window + self.jitter * torch.randn_like(window)
        return self.body(window)


class JitterLoop(Loop):
    """Raises the input noise slowly over the first batches."""

    def __init__(self, *args, peak=0.05, ramp=400, **kwargs):
        super().__init__(*args, **kwargs)
        self.peak = peak
        self.ramp = ramp
        self.seen = 0

    def on_batch_start(self, step):
        super().on_batch_start(step)
        self.seen += 1
        self.model.jitter = self.peak * min(1.0, self.seen / self.ramp)
