from collections.abc import Iterator
from types import SimpleNamespace

import torch
from torch import nn
from torch.utils.data import DataLoader


def conv_net(width: int = 32) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv1d(1, width, 5, padding=2), nn.GELU(),
        nn.Conv1d(width, width, 5, padding=2), nn.GELU(),
        nn.AdaptiveAvgPool1d(4), nn.Flatten(), nn.Dropout(0.1),
        nn.Linear(4 * width, 1),
    )


class Engine:
    def __init__(self, options: SimpleNamespace) -> None:
        self.options = options
        self.net = conv_net()
        self.loss = nn.HuberLoss()
        self.optimizer = torch.optim.AdamW(
            self.net.parameters(),
            lr=self.options.lr,  # expect: unbounded-learning-rate
            weight_decay=self.options.decay,
        )

    def fit(self, train: DataLoader, valid: DataLoader) -> Iterator[float]:
        for _ in range(self.options.epochs):
            self.net.train()
            for past, future in train:
                self.optimizer.zero_grad()
                self.loss(self.net(past), future).backward()
                self.optimizer.step()
            yield self.validate(valid)

    @torch.no_grad()
    def validate(self, loader: DataLoader) -> float:
        self.net.eval()
        total = count = 0.0
        for past, future in loader:
            total += (self.net(past) - future).abs().sum().item()
            count += future.numel()
        return total / count
