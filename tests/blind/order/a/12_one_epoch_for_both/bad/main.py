import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from engine import run_epoch
from forecaster import Forecaster

LOOK_BACK, HORIZON = 36, 6


def river(days: int) -> torch.Tensor:
    """Level, rain and temperature of a gauge, one row a day."""
    t = torch.arange(days, dtype=torch.float32)
    temperature = 10 + 9 * torch.sin(2 * math.pi * t / 365) + torch.randn(days)
    rain = torch.relu(torch.randn(days) * 4 - 1)
    level = torch.zeros(days)
    for d in range(1, days):
        level[d] = 0.9 * level[d - 1] + 0.1 * rain[d - 1]
    return torch.stack([level, rain, temperature], dim=1)


def windows(table: torch.Tensor) -> TensorDataset:
    starts = range(len(table) - LOOK_BACK - HORIZON)
    x = torch.stack([table[s:s + LOOK_BACK] for s in starts])
    y = torch.stack([table[s + LOOK_BACK:s + LOOK_BACK + HORIZON, 0] for s in starts])
    return TensorDataset(x, y)


def main() -> None:
    torch.manual_seed(9)
    table = river(6000)
    past, recent = table[:5000], table[5000:]
    mean, std = past.mean(dim=0), past.std(dim=0)
    train = DataLoader(windows((past - mean) / std), batch_size=64, shuffle=True)
    val = DataLoader(windows((recent - mean) / std), batch_size=256)

    model = Forecaster(channels=3, horizon=HORIZON)
    loss_fn = nn.SmoothL1Loss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=3)
    for epoch in range(30):
        fitted = run_epoch(model, train, loss_fn, optimizer)
        held_out = run_epoch(model, val, loss_fn)
        plateau.step(held_out)
        print(f"{epoch:2d} train {fitted:.4f} val {held_out:.4f}")


if __name__ == "__main__":
    main()
