"""Forecast the hourly change of the price spread for the next half day."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass(frozen=True)
class Config:
    window: int = 48
    horizon: int = 12
    hidden: tuple = (96, 64)
    activation: str = "ReLU"
    dropout: float = 0.1
    epochs: int = 25
    batch_size: int = 64
    lr: float = 1e-3


def load_changes(hours=6000, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(hours)
    spread = 8 * np.sin(2 * np.pi * t / 24) + 3 * np.sin(2 * np.pi * t / 168) + rng.normal(0, 1.5, hours)
    return np.diff(spread).astype(np.float32)


def windows(series, cfg):
    xs, ys = [], []
    for start in range(len(series) - cfg.window - cfg.horizon):
        mid = start + cfg.window
        xs.append(series[start:mid])
        ys.append(series[mid:mid + cfg.horizon])
    return TensorDataset(torch.from_numpy(np.stack(xs)), torch.from_numpy(np.stack(ys)))


def build_forecaster(cfg):
    act = getattr(nn, cfg.activation)
    sizes = [cfg.window, *cfg.hidden, cfg.horizon]
    layers = []
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        layers += [nn.Linear(fan_in, fan_out), act(), nn.Dropout(cfg.dropout)]
    layers.pop()  # the last block is the output
    return nn.Sequential(*layers)


def main(cfg=Config()):
    torch.manual_seed(0)
    changes = load_changes()
    cut = int(0.8 * len(changes))
    mean, std = changes[:cut].mean(), changes[:cut].std()
    train_set = windows((changes[:cut] - mean) / std, cfg)
    test_set = windows((changes[cut:] - mean) / std, cfg)
    train_loader = DataLoader(train_set, batch_size=cfg.batch_size, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=256)

    model = build_forecaster(cfg)
    criterion = nn.HuberLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=cfg.lr)

    for epoch in range(cfg.epochs):
        model.train()
        for past, future in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(past), future)  # expect: relu-before-regression
            loss.backward()
            optimizer.step()

        model.eval()
        error, count = 0.0, 0
        with torch.no_grad():
            for past, future in test_loader:
                error += (model(past) - future).abs().sum().item()
                count += future.numel()
        print(f"epoch {epoch:2d}  test MAE {std * error / count:.3f} EUR")


if __name__ == "__main__":
    main()
