"""Power of a wind farm from numerical weather forecasts."""
import math
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def weather(rows, seed):
    g = torch.Generator().manual_seed(seed)
    speed = 4 + 8 * torch.rand(rows, 1, generator=g)
    heading = 2 * math.pi * torch.rand(rows, 1, generator=g)
    density = 1.2 + 0.05 * torch.randn(rows, 1, generator=g)
    wake = 1 - 0.2 * heading.cos() ** 2
    power = 0.5 * density * wake * speed.clamp(max=11.0) ** 3
    power = power + 10 * torch.randn(rows, 1, generator=g)
    return torch.cat([speed, heading.sin(), heading.cos(), density], dim=1), power


def scaler(reference):
    mean, std = reference.mean(dim=0), reference.std(dim=0)
    return lambda t: (t - mean) / std


def mlp(*sizes):
    layers = []
    for n_in, n_out in pairwise(sizes):
        layers += [nn.Linear(n_in, n_out), nn.SiLU()]
    return nn.Sequential(*layers[:-1])


def train_epoch(model, loader, optimizer):
    model.train()
    optimizer.zero_grad(set_to_none=True)
    total = 0.0
    for x, y in loader:
        loss = F.smooth_l1_loss(model(x), y) / len(loader)
        loss.backward()
        total += loss.item()
    optimizer.step()
    return total


@torch.no_grad()
def mean_error(model, loader):
    model.eval()
    errors = [F.l1_loss(model(x), y).item() for x, y in loader]
    return sum(errors) / len(errors)


def main(epochs=400):
    torch.manual_seed(0)
    x_train, y_train = weather(960, seed=1)
    x_val, y_val = weather(320, seed=2)
    fx, fy = scaler(x_train), scaler(y_train)

    train = DataLoader(TensorDataset(fx(x_train), fy(y_train)), batch_size=64, shuffle=True)
    val = DataLoader(TensorDataset(fx(x_val), fy(y_val)), batch_size=64)

    model = mlp(4, 48, 48, 1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for epoch in range(epochs):
        loss = train_epoch(model, train, optimizer)
        if epoch % 50 == 49:
            print(f"{epoch + 1:4d}  {loss:.4f}  {mean_error(model, val):.4f}")


if __name__ == "__main__":
    main()
