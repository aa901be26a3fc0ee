#!/usr/bin/env python
# Grasp success from depth patches and gripper pose.
import argparse
import math

import torch
from torch import nn
from torch.optim import Adam, lr_scheduler
from torch.utils.data import DataLoader, TensorDataset


def parse():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--lr", type=float, default=3e-4, choices=(1e-4, 3e-4), help="peak learning rate")
    p.add_argument("--epochs", type=int, default=40)
    p.add_argument("--warmup", type=int, default=100)
    return p.parse_args()


class GraspNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.eye = nn.Sequential(
            nn.Conv2d(1, 24, 5, stride=2, padding=2), nn.GroupNorm(4, 24), nn.ELU(),
            nn.Conv2d(24, 48, 3, stride=2, padding=1), nn.GroupNorm(4, 48), nn.ELU(),
            nn.AdaptiveAvgPool2d(2), nn.Flatten(),
        )
        self.pose = nn.Sequential(nn.Linear(6, 32), nn.ELU())
        self.judge = nn.Sequential(nn.Linear(48 * 4 + 32, 64), nn.ELU(), nn.Dropout(0.2), nn.Linear(64, 1))

    def forward(self, depth, pose):
        return self.judge(torch.cat([self.eye(depth), self.pose(pose)], dim=1))


def attempts(n):
    depth, pose = torch.randn(n, 1, 32, 32), torch.randn(n, 6)
    success = ((depth.mean(dim=(2, 3)) * 20 + pose[:, :1]) > 0).float()
    return TensorDataset(depth, pose, success)


def main():
    args = parse()
    loader = DataLoader(attempts(6400), batch_size=64, shuffle=True)
    held_out = DataLoader(attempts(1280), batch_size=64)
    total = args.epochs * len(loader)

    def rate_at(step):
        if step < args.warmup:
            return args.lr * (step + 1) / args.warmup
        progress = (step - args.warmup) / max(1, total - args.warmup)
        return 1e-5 + 0.5 * (args.lr - 1e-5) * (1 + math.cos(math.pi * min(1.0, progress)))

    net = GraspNet()
    loss_fn = nn.BCEWithLogitsLoss()
    optimizer = Adam(net.parameters(), lr=args.lr)
    scheduler = lr_scheduler.LambdaLR(optimizer, rate_at)  # expect: learning-rate-too-low

    for epoch in range(args.epochs):
        net.train()
        running = 0.0
        for depth, pose, success in loader:
            optimizer.zero_grad()
            loss = loss_fn(net(depth, pose), success)
            loss.backward()
            optimizer.step()
            scheduler.step()
            running += loss.item()

        net.eval()
        right = 0
        with torch.no_grad():
            for depth, pose, success in held_out:
                right += ((net(depth, pose) > 0).float() == success).sum().item()
        print(f"{epoch:2d}  loss {running / len(loader):.4f}  held out {right / 1280:.3f}")


if __name__ == "__main__":
    main()
