import torch
from torch import nn

from .config import Config
from .data import loaders
from .model import StationNet


@torch.no_grad()
def validate(model, loader, criterion):
    model.eval()
    total, seen = 0.0, 0
    for x, y in loader:
        total += criterion(model(x), y).item() * len(y)
        seen += len(y)
    return total / seen


def fit(cfg: Config) -> StationNet:
    train_loader, val_loader = loaders(cfg)
    model = StationNet(cfg.sensors, cfg.hidden)
    criterion = nn.HuberLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=cfg.lr, weight_decay=cfg.optim.weight_decay)

    for epoch in range(cfg.epochs):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        print(f"epoch {epoch:02d}  val huber {validate(model, val_loader, criterion):.4f}")
    return model
