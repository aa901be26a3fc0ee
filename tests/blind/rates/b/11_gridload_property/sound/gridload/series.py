from __future__ import annotations

import math

import torch
from torch.utils.data import DataLoader, TensorDataset

from .settings import Experiment


def _windows(series: torch.Tensor, history: int, horizon: int) -> TensorDataset:
    frames = series.unfold(0, history + horizon, 1)
    return TensorDataset(frames[:, :history].unsqueeze(-1), frames[:, history:])


def make_loaders(exp: Experiment) -> tuple[DataLoader, DataLoader]:
    t = torch.arange(12_000, dtype=torch.float32)
    load = torch.sin(2 * math.pi * t / 24) + 0.5 * torch.sin(2 * math.pi * t / 168)
    load = load + 0.1 * torch.randn(t.shape)
    past, future = load[:10_000], load[10_000:]
    mean, std = past.mean(), past.std()
    sizes = (exp.model.history, exp.model.horizon)
    train = _windows((past - mean) / std, *sizes)
    held_out = _windows((future - mean) / std, *sizes)
    return (
        DataLoader(train, batch_size=exp.optim.batch_size, shuffle=True),
        DataLoader(held_out, batch_size=exp.optim.batch_size),
    )
