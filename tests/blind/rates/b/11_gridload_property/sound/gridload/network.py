from __future__ import annotations

import torch
from torch import Tensor, nn

from .settings import ModelHP


class LoadForecaster(nn.Module):
    def __init__(self, hp: ModelHP) -> None:
        super().__init__()
        self.encoder = nn.GRU(1, hp.hidden, batch_first=True)
        self.norm = nn.LayerNorm(hp.hidden)
        self.head = nn.Linear(hp.hidden, hp.horizon)

    def forward(self, history: Tensor) -> Tensor:
        _, last = self.encoder(history)
        return self.head(self.norm(last[-1]))
