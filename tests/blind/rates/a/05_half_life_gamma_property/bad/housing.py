"""House prices with a residual MLP; the rate follows a half-life."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from sklearn.datasets import fetch_california_housing
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn
from torch.optim import Adam
from torch.optim.lr_scheduler import ExponentialLR
from torch.utils.data import DataLoader, TensorDataset


@dataclass(frozen=True)
class Schedule:
    initial: float = 1e-3
    half_life: float = 12.0

    @property
    def per_epoch(self) -> float:
        return 2.0 ** (1.0 / self.half_life)


@dataclass(frozen=True)
class Settings:
    schedule: Schedule = Schedule()
    epochs: int = 40
    batch_size: int = 128
    width: int = 64


class Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.SiLU(), nn.Dropout(0.1), nn.Linear(width, width))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inner(x)


def load(batch_size: int) -> tuple[DataLoader, DataLoader]:
    x, y = fetch_california_housing(return_X_y=True)
    x_tr, x_va, y_tr, y_va = train_test_split(x, y, test_size=0.2, random_state=3)
    scaler = StandardScaler().fit(x_tr)
    centre, spread = y_tr.mean(), y_tr.std()

    def pack(features: np.ndarray, prices: np.ndarray) -> TensorDataset:
        inputs = torch.as_tensor(scaler.transform(features), dtype=torch.float32)
        targets = torch.as_tensor((prices - centre) / spread, dtype=torch.float32).unsqueeze(1)
        return TensorDataset(inputs, targets)

    return (
        DataLoader(pack(x_tr, y_tr), batch_size=batch_size, shuffle=True),
        DataLoader(pack(x_va, y_va), batch_size=512),
    )


def train(settings: Settings) -> nn.Module:
    train_loader, valid_loader = load(settings.batch_size)
    w = settings.width
    model = nn.Sequential(nn.Linear(8, w), nn.SiLU(), Residual(w), Residual(w), nn.LayerNorm(w), nn.SiLU(), nn.Linear(w, 1))
    optimizer = Adam(model.parameters(), lr=settings.schedule.initial)
    scheduler = ExponentialLR(optimizer, gamma=settings.schedule.per_epoch)  # expect: unbounded-learning-rate
    loss_fn = nn.SmoothL1Loss()
    for epoch in range(settings.epochs):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.step()
        scheduler.step()
        model.eval()
        with torch.no_grad():
            valid = np.mean([loss_fn(model(x), y).item() for x, y in valid_loader])
        print(f"{epoch:02d} {valid:.4f} lr={scheduler.get_last_lr()[0]:.2e}")
    return model


if __name__ == "__main__":
    train(Settings())
