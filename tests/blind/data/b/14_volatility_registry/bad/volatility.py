"""Next-day volatility from 120 lagged absolute returns; everything that can be varied sits in `Config`."""
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import numpy as np
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

OPTIMIZERS = {
    "adam": optim.Adam,
    "adamw": optim.AdamW,
    "sgd": partial(optim.SGD, momentum=0.9, nesterov=True),
}
ACTIVATIONS = {"gelu": nn.GELU, "silu": nn.SiLU}


@dataclass(frozen=True)
class Config:
    lags: int = 120
    hidden: list[int] = field(default_factory=lambda: [512, 256])
    activation: str = "silu"
    dropout: float = 0.0
    optimizer: str = "adam"
    lr: float = 3e-4
    batch_size: int = 128
    epochs: int = 60
    seed: int = 3


def simulate(days: int, rng: np.random.Generator) -> np.ndarray:
    """GARCH(1, 1) returns."""
    r = np.empty(days)
    var = 1.0
    for t in range(days):
        r[t] = np.sqrt(var) * rng.standard_normal()
        var = 0.05 + 0.10 * r[t] ** 2 + 0.85 * var
    return r


def windows(r: np.ndarray, lags: int) -> tuple[np.ndarray, np.ndarray]:
    size = np.log(np.abs(r) + 1e-3)
    x = np.lib.stride_tricks.sliding_window_view(size, lags)[:-1]
    return x.astype(np.float32), size[lags:].astype(np.float32)


def network(cfg: Config) -> nn.Sequential:
    act = ACTIVATIONS[cfg.activation]
    sizes = [cfg.lags, *cfg.hidden]
    body = [m for a, b in pairwise(sizes) for m in (nn.Linear(a, b), act(), nn.Dropout(cfg.dropout))]
    return nn.Sequential(*body, nn.Linear(sizes[-1], 1), nn.Flatten(0))


def score(net: nn.Module, loader: DataLoader) -> float:
    net.eval()
    with torch.no_grad():
        errors = [(net(x) - y).abs() for x, y in loader]
    return torch.cat(errors).mean().item()


def train(cfg: Config) -> nn.Module:
    torch.manual_seed(cfg.seed)
    x, y = windows(simulate(6_000, np.random.default_rng(cfg.seed)), cfg.lags)
    cut = int(len(x) * 0.8)
    mu, sd = x[:cut].mean(), x[:cut].std()
    x, y = (x - mu) / sd, (y - mu) / sd

    past = TensorDataset(torch.from_numpy(x[:cut]), torch.from_numpy(y[:cut]))
    future = TensorDataset(torch.from_numpy(x[cut:]), torch.from_numpy(y[cut:]))
    fit_loader = DataLoader(past, cfg.batch_size, shuffle=True)
    val_loader = DataLoader(future, 512)

    net = network(cfg)
    optimizer = OPTIMIZERS[cfg.optimizer](net.parameters(), lr=cfg.lr)
    criterion = nn.HuberLoss(delta=1.5)
    for epoch in range(cfg.epochs):
        net.train()
        for xb, yb in fit_loader:
            optimizer.zero_grad(set_to_none=True)
            criterion(net(xb), yb).backward()  # expect: missing-dropout
            optimizer.step()
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1:3d}  held-out MAE {score(net, val_loader):.4f}")
    return net


if __name__ == "__main__":
    torch.save(train(Config()).state_dict(), "volatility.pt")
