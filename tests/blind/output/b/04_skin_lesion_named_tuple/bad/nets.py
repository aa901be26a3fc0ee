from typing import NamedTuple

import torch
from torch import Tensor, nn


class Output(NamedTuple):
    probs: Tensor
    logits: Tensor


class Residual(nn.Module):
    def __init__(self, c: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(c, c, 3, padding=1, bias=False),
            nn.BatchNorm2d(c),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, bias=False),
            nn.BatchNorm2d(c),
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.body(x))


class LesionNet(nn.Module):
    def __init__(self, n_classes: int, width: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, width, 5, stride=2, padding=2, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
        )
        self.stages = nn.ModuleList(Residual(width) for _ in range(3))
        self.head = nn.Linear(width, n_classes)

    def forward(self, image: Tensor) -> Output:
        x = self.stem(image)
        for stage in self.stages:
            x = stage(x)
        raw = self.head(x.mean(dim=(2, 3)))
        return Output(probs=raw.softmax(dim=1), logits=raw)
