import torch
from torch import nn


def stage(inputs: int, outputs: int, kernel: int, stride: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv1d(inputs, outputs, kernel, stride=stride), nn.ReLU(), nn.MaxPool1d(4))


class KnockNet(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        self.stem = stage(1, 16, kernel=64, stride=8)
        self.body = stage(16, 32, kernel=8, stride=2)
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool1d(1),
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(32, classes),
        )

    def forward(self, wave: torch.Tensor) -> torch.Tensor:
        wave = wave.unsqueeze(1)
        return self.head(self.body(self.stem(wave)))
