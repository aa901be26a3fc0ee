"""Churn model on the customer table."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

NUMERIC: list[str] = ["tenure", "monthly_fee", "calls", "data_gb", "complaints", "discount"]
LABEL = "churned"


@dataclass
class Settings:
    table: Path = Path("customers.csv")
    hidden: list[int] = field(default_factory=lambda: [64, 32])
    balanced: bool = False
    epochs: int = 30
    batch_size: int = 128
    learning_rate: float = 1e-3
    seed: int = 1


@dataclass(frozen=True)
class Split:
    x: Tensor
    y: Tensor

    def batches(self, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        order = torch.randperm(len(self.x))
        for start in range(0, len(order) - size + 1, size):
            rows = order[start:start + size]
            yield self.x[rows], self.y[rows]


def read_table(settings: Settings) -> tuple[Split, Split]:
    frame = pd.read_csv(settings.table).dropna(subset=[*NUMERIC, LABEL])
    frame = frame.sample(frac=1.0, random_state=settings.seed)
    cut = int(0.8 * len(frame))
    x = frame[NUMERIC].to_numpy(np.float32)
    y = frame[LABEL].to_numpy(np.float32)
    mean, std = x[:cut].mean(axis=0), x[:cut].std(axis=0) + 1e-6
    x = (x - mean) / std
    return (
        Split(torch.from_numpy(x[:cut]), torch.from_numpy(y[:cut])),
        Split(torch.from_numpy(x[cut:]), torch.from_numpy(y[cut:])),
    )


class ChurnNet(nn.Module):
    def __init__(self, settings: Settings) -> None:
        super().__init__()
        width = len(NUMERIC)
        blocks: list[nn.Module] = []
        for units in settings.hidden:
            blocks.append(nn.Sequential(nn.Linear(width, units), nn.BatchNorm1d(units), nn.ReLU()))
            width = units
        self.body = nn.Sequential(*blocks)
        self.head = nn.Linear(width, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.body(x)).squeeze(1)


def make_criterion(settings: Settings, train: Split) -> nn.Module:
    positives = train.y.sum().clamp(min=1.0)
    ratio = (len(train.y) - positives) / positives
    return nn.BCEWithLogitsLoss(pos_weight=ratio) if settings.balanced else nn.BCELoss()


def ranking_quality(model: ChurnNet, split: Split) -> float:
    model.eval()
    with torch.no_grad():
        risk = model(split.x)
    churned, stayed = risk[split.y == 1], risk[split.y == 0]
    return (churned[:, None] > stayed[None, :]).float().mean().item()


def run(settings: Settings) -> None:
    torch.manual_seed(settings.seed)
    train, valid = read_table(settings)
    model = ChurnNet(settings)
    criterion = make_criterion(settings, train)
    optimizer = torch.optim.AdamW(model.parameters(), lr=settings.learning_rate)
    for epoch in range(settings.epochs):
        model.train()
        for x, y in train.batches(settings.batch_size):
            optimizer.zero_grad()
            loss: Tensor = criterion(model(x), y)  # expect: logits-into-probability-loss
            loss.backward()
            optimizer.step()
        print(f"{epoch:3d}  auc {ranking_quality(model, valid):.3f}")


if __name__ == "__main__":
    run(Settings())
