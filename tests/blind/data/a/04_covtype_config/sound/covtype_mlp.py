"""Forest cover type from cartographic variables: a plain multi-layer perceptron."""
from __future__ import annotations

from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from sklearn.datasets import fetch_covtype
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn

FEATURES, CLASSES = 54, 7


@dataclass(frozen=True)
class Config:
    width: int = 512
    depth: int = 3
    dropout: float = 0.0
    decay: float = 0.0
    lr: float = 0.05
    momentum: float = 0.9
    epochs: int = 20
    batch: int = 512
    seed: int = 7


def load(cfg: Config) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    x, y = fetch_covtype(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(
        x, y - 1, test_size=0.1, stratify=y, random_state=cfg.seed
    )
    scaler = StandardScaler().fit(x_train)
    return (
        torch.as_tensor(scaler.transform(x_train), dtype=torch.float32),
        torch.as_tensor(y_train, dtype=torch.long),
        torch.as_tensor(scaler.transform(x_test), dtype=torch.float32),
        torch.as_tensor(y_test, dtype=torch.long),
    )


def build(cfg: Config) -> nn.Sequential:
    layers: list[nn.Module] = []
    fan_in = FEATURES
    for _ in range(cfg.depth):
        layers += [nn.Linear(fan_in, cfg.width), nn.ReLU()]
        if cfg.dropout > 0:
            layers.append(nn.Dropout(cfg.dropout))
        fan_in = cfg.width
    layers.append(nn.Linear(fan_in, CLASSES))
    return nn.Sequential(*layers)


@torch.no_grad()
def accuracy(net: nn.Module, x: Tensor, y: Tensor) -> float:
    net.eval()
    hits = sum((net(xb).argmax(1) == yb).sum().item() for xb, yb in zip(x.split(8192), y.split(8192)))
    return hits / len(y)


def run(cfg: Config) -> float:
    torch.manual_seed(cfg.seed)
    x, y, x_test, y_test = load(cfg)
    net = build(cfg)
    sgd = torch.optim.SGD(net.parameters(), lr=cfg.lr, momentum=cfg.momentum, weight_decay=cfg.decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(sgd, T_max=cfg.epochs)
    for epoch in range(cfg.epochs):
        net.train()
        for rows in torch.randperm(len(x)).split(cfg.batch):
            sgd.zero_grad()
            F.cross_entropy(net(x[rows]), y[rows]).backward()
            sgd.step()
        schedule.step()
        print(f"epoch {epoch + 1:2d}  test accuracy {accuracy(net, x_test, y_test):.4f}")
    return accuracy(net, x_test, y_test)


if __name__ == "__main__":
    print(run(replace(Config(), width=768, decay=5e-4)))
