"""Train a small residual network on CIFAR-10 from a base config and an experiment file."""
from pathlib import Path

import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR

from lab.config import load_config
from lab.data import loaders
from lab.models import ResNetS
from lab.optim import build_optimizer

HERE = Path(__file__).resolve().parent


def run_epoch(model, loader, criterion, device, optimizer):
    model.train()
    total = 0.0
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


@torch.no_grad()
def accuracy(model, loader, device):
    model.eval()
    hits = seen = 0
    for images, labels in loader:
        guess = model(images.to(device)).argmax(dim=1).cpu()
        hits += (guess == labels).sum().item()
        seen += labels.numel()
    return hits / seen


def main():
    cfg = load_config(HERE / "conf" / "base.yaml", HERE / "conf" / "experiment.yaml")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    train, test = loaders(cfg["data"])
    model = ResNetS(**cfg["model"]).to(device)
    optimizer = build_optimizer(model, cfg["optimizer"])
    schedule = CosineAnnealingLR(optimizer, T_max=cfg["epochs"])
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    for epoch in range(cfg["epochs"]):
        loss = run_epoch(model, train, criterion, device, optimizer)
        schedule.step()
        print(f"{epoch:3d} loss {loss:.4f} acc {accuracy(model, test, device):.4f}")


if __name__ == "__main__":
    main()
