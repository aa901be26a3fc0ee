"""Keyword spotting on log-mel frames with a one-cycle schedule."""
from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Settings:
    n_mels: int = 40
    n_words: int = 12
    batch_size: int = 128
    epochs: int = 30
    lr_per_sample: float = 1e-3

    @property
    def peak_lr(self) -> float:
        return self.lr_per_sample * self.batch_size


class WordNet(nn.Module):
    def __init__(self, n_mels: int, n_words: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = n_mels
        for width in (64, 96, 128):
            layers += [
                nn.Conv1d(channels, width, 5, stride=2, padding=2, bias=False),
                nn.BatchNorm1d(width),
                nn.ReLU(),
            ]
            channels = width
        self.features = nn.Sequential(*layers)
        self.dropout = nn.Dropout(0.2)
        self.classify = nn.Linear(channels, n_words)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        pooled = self.features(frames).mean(dim=-1)
        return self.classify(self.dropout(pooled))


class Trainer:
    def __init__(self, settings: Settings, train: TensorDataset, val: TensorDataset) -> None:
        self.settings = settings
        self.train_loader = DataLoader(train, batch_size=settings.batch_size, shuffle=True)
        self.val_loader = DataLoader(val, batch_size=settings.batch_size)
        self.model = WordNet(settings.n_mels, settings.n_words)
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=settings.peak_lr / 25)
        steps = settings.epochs * len(self.train_loader)
        self.scheduler = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer,
            max_lr=settings.peak_lr,  # expect: learning-rate-too-high
            total_steps=steps,
        )

    def train_epoch(self) -> float:
        self.model.train()
        total = 0.0
        for frames, word in self.train_loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(frames), word)
            loss.backward()
            self.optimizer.step()
            self.scheduler.step()
            total += loss.item()
        return total / len(self.train_loader)

    @torch.no_grad()
    def accuracy(self) -> float:
        self.model.eval()
        right = seen = 0
        for frames, word in self.val_loader:
            right += (self.model(frames).argmax(dim=1) == word).sum().item()
            seen += len(word)
        return right / seen

    def run(self) -> None:
        for epoch in range(self.settings.epochs):
            print(epoch, self.train_epoch(), self.accuracy())


def recordings(n: int, settings: Settings) -> TensorDataset:
    frames = torch.randn(n, settings.n_mels, 100)
    return TensorDataset(frames, torch.randint(0, settings.n_words, (n,)))


if __name__ == "__main__":
    settings = Settings()
    Trainer(settings, recordings(6400, settings), recordings(1280, settings)).run()
