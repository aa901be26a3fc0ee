from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset


class FlowLSTM(nn.Module):
    def __init__(self, channels: int = 3, hidden: int = 48) -> None:
        super().__init__()
        self.lstm = nn.LSTM(channels, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x: Tensor) -> Tensor:
        out, _ = self.lstm(x)
        return self.head(out[:, -1]).squeeze(-1)


class BoldDriverTrainer:
    """Raises the rate after every epoch that helped, cuts it after one that did not."""

    def __init__(self, model: nn.Module, lr: float = 1e-3, grow: float = 1.05,
                 shrink: float = 0.5, ceiling: float = 1e-2) -> None:
        self.model = model
        self.optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=1e-5)
        self.criterion = nn.SmoothL1Loss()
        self.grow, self.shrink, self.ceiling = grow, shrink, ceiling
        self.previous = math.inf

    def _train_epoch(self, loader: DataLoader) -> None:
        self.model.train()
        for x, y in loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(x), y)
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()

    @torch.no_grad()
    def _validate(self, loader: DataLoader) -> float:
        self.model.eval()
        losses = [self.criterion(self.model(x), y).item() for x, y in loader]
        return sum(losses) / len(losses)

    def _adapt(self, current: float) -> None:
        factor = self.grow if current < self.previous else self.shrink
        for group in self.optimizer.param_groups:
            group["lr"] = min(group["lr"] * factor, self.ceiling)
        self.previous = current

    def fit(self, train: DataLoader, valid: DataLoader, epochs: int) -> None:
        for epoch in range(epochs):
            self._train_epoch(train)
            current = self._validate(valid)
            self._adapt(current)
            print(epoch, round(current, 5), self.optimizer.param_groups[0]["lr"])


def make_windows(series: np.ndarray, length: int = 24) -> TensorDataset:
    x = np.stack([series[i:i + length] for i in range(len(series) - length)])
    return TensorDataset(torch.from_numpy(x), torch.from_numpy(series[length:, 0].copy()))


def main() -> None:
    raw = np.loadtxt("data/junction_counts.csv", delimiter=",", skiprows=1, dtype=np.float32)[:, :3]
    cut = int(len(raw) * 0.8)
    mean, std = raw[:cut].mean(axis=0), raw[:cut].std(axis=0)
    scaled = (raw - mean) / std
    train = DataLoader(make_windows(scaled[:cut]), batch_size=128, shuffle=True)
    valid = DataLoader(make_windows(scaled[cut:]), batch_size=256)
    BoldDriverTrainer(FlowLSTM()).fit(train, valid, epochs=60)


if __name__ == "__main__":
    main()
