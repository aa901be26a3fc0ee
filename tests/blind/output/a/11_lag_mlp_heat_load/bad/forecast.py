"""Day-ahead temperature anomaly forecast from lagged hours (course project)."""
from dataclasses import dataclass, field
from itertools import pairwise

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Config:
    lags: int = 48
    horizon: int = 12
    hidden: list[int] = field(default_factory=lambda: [64, 32])
    activation: str = "ReLU"
    loss: str = "SmoothL1Loss"
    lr: float = 1e-3
    epochs: int = 8
    batch_size: int = 64


def make_series(hours: int) -> torch.Tensor:
    t = torch.arange(hours, dtype=torch.float32)
    daily = 4.0 * torch.sin(2 * torch.pi * t / 24)
    yearly = 9.0 * torch.cos(2 * torch.pi * t / 8760)
    return 8.0 + daily - yearly + torch.randn(hours)


def windows(series: torch.Tensor, cfg: Config) -> TensorDataset:
    rows = series.unfold(0, cfg.lags + cfg.horizon, 1)
    return TensorDataset(rows[:, : cfg.lags], rows[:, cfg.lags :])


def mlp(sizes: list[int], act: type[nn.Module]) -> nn.Sequential:
    layers = [m for a, b in pairwise(sizes) for m in (nn.Linear(a, b), act())]
    return nn.Sequential(*layers)


def main(cfg: Config) -> None:
    torch.manual_seed(0)
    series = make_series(6000)
    past, future = series[:5000], series[5000:]
    mean, std = past.mean(), past.std()
    train = DataLoader(windows((past - mean) / std, cfg), cfg.batch_size, shuffle=True)
    valid = DataLoader(windows((future - mean) / std, cfg), cfg.batch_size)

    net = mlp([cfg.lags, *cfg.hidden, cfg.horizon], getattr(nn, cfg.activation))
    criterion = getattr(nn, cfg.loss)()
    opt = torch.optim.Adam(net.parameters(), lr=cfg.lr)

    for epoch in range(cfg.epochs):
        net.train()
        for x, y in train:
            opt.zero_grad()
            loss = criterion(net(x), y)  # expect: relu-before-regression
            loss.backward()
            opt.step()

        net.eval()
        err, n = 0.0, 0
        with torch.no_grad():
            for x, y in valid:
                err += (net(x) - y).abs().sum().item()
                n += y.numel()
        print(f"epoch {epoch}: MAE {err / n * std.item():.3f} degrees")


if __name__ == "__main__":
    main(Config())
