"""Chest X-ray screening: the rate is raised while the training loss keeps falling."""
import argparse
from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass(frozen=True)
class Plan:
    epochs: int = 200
    growth: float = 1.05
    ceiling: float = 0.1


def make_net():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(16),
        nn.SiLU(),
        nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(32),
        nn.SiLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(32, 1),
    )


class Screening:
    def __init__(self, plan, lr, train_set, val_set):
        self.plan = plan
        self.net = make_net()
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=lr, momentum=0.9)
        self.criterion = nn.BCEWithLogitsLoss()
        self.train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
        self.val_loader = DataLoader(val_set, batch_size=64)

    def one_epoch(self):
        self.net.train()
        total = 0.0
        for image, ill in self.train_loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.net(image).squeeze(1), ill)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(self.train_loader)

    def speed_up(self):
        for group in self.optimizer.param_groups:
            group["lr"] = min(group["lr"] * self.plan.growth, self.plan.ceiling)

    def sensitivity(self):
        self.net.eval()
        found = ill_total = 0.0
        with torch.no_grad():
            for image, ill in self.val_loader:
                flagged = self.net(image).squeeze(1) > 0
                found += (flagged & (ill == 1)).sum().item()
                ill_total += ill.sum().item()
        return found / max(ill_total, 1.0)

    def fit(self):
        previous = float("inf")
        for epoch in range(self.plan.epochs):
            loss = self.one_epoch()
            if loss < previous:
                self.speed_up()
            previous = loss
            print(f"{epoch:3d} loss {loss:.4f} sensitivity {self.sensitivity():.3f}")


def images(n):
    ill = (torch.rand(n) < 0.3).float()
    image = torch.randn(n, 1, 64, 64) + 0.2 * ill.view(-1, 1, 1, 1)
    return TensorDataset(image, ill)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.01, choices=[0.003, 0.01, 0.03])
    args = parser.parse_args()
    Screening(Plan(), args.lr, images(2000), images(500)).fit()
