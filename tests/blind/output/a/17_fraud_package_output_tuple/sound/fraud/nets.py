from typing import NamedTuple

import torch
from torch import nn


class Output(NamedTuple):
    embedding: torch.Tensor
    logit: torch.Tensor


class GatedNet(nn.Module):
    def __init__(self, columns: int, width: int = 48) -> None:
        super().__init__()
        self.embed = nn.Sequential(nn.Linear(columns, width), nn.LayerNorm(width), nn.SiLU())
        self.gate = nn.Linear(width, width)
        self.out = nn.Linear(width, 1)
        self.act = nn.Sigmoid()

    def forward(self, x: torch.Tensor) -> Output:
        h = self.embed(x)
        h = self.act(self.gate(h)) * h
        return Output(h, self.out(h).squeeze(-1))
