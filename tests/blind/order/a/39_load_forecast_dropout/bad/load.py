"""Hourly electricity load, one day ahead, with an honest look at the spread."""
import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

PAST, AHEAD = 96, 24


class Score(NamedTuple):
    error: float
    spread: float


def load_curve(hours: int) -> Tensor:
    t = torch.arange(hours)
    daily = torch.sin(2 * math.pi * t / 24) + 0.3 * torch.sin(4 * math.pi * t / 24)
    weekly = 0.4 * torch.cos(2 * math.pi * t / 168)
    return 50 + 12 * daily + 10 * weekly + 2 * torch.randn(hours)


def windows(series: Tensor) -> TensorDataset:
    cut = series.unfold(0, PAST + AHEAD, 1)
    return TensorDataset(cut[:, :PAST].unsqueeze(2), cut[:, PAST:])


class LoadGRU(nn.Module):
    def __init__(self, width: int = 64, rate: float = 0.2) -> None:
        super().__init__()
        self.rate = rate
        self.gru = nn.GRU(1, width, batch_first=True)
        self.mix = nn.Linear(width, width)
        self.out = nn.Linear(width, AHEAD)

    def forward(self, past: Tensor) -> Tensor:
        _, last = self.gru(past)
        h = F.relu(self.mix(last[0]))
        h = F.dropout(h, self.rate)  # expect: always-on-dropout
        return self.out(h)


@torch.no_grad()
def evaluate(model: nn.Module, loader: DataLoader) -> Score:
    model.eval()
    errors, spreads = [], []
    for past, future in loader:
        forecast = model(past)
        errors.append(F.l1_loss(forecast, future).item())
        spreads.append((forecast - future).std(dim=0).mean().item())
    return Score(sum(errors) / len(errors), sum(spreads) / len(spreads))


def main() -> None:
    torch.manual_seed(3)
    series = load_curve(24 * 7 * 40)
    cut = 24 * 7 * 32
    mean, std = series[:cut].mean(), series[:cut].std()
    series = (series - mean) / std
    train = DataLoader(windows(series[:cut]), batch_size=64, shuffle=True, drop_last=True)
    val = DataLoader(windows(series[cut:]), batch_size=128)

    model = LoadGRU()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    for epoch in range(12):
        model.train()
        for past, future in train:
            optimizer.zero_grad()
            loss = F.mse_loss(model(past), future)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        score = evaluate(model, val)
        print(f"{epoch:2d}  error {score.error:.3f}  spread {score.spread:.3f}")


if __name__ == "__main__":
    main()
