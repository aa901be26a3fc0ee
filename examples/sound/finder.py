"""A rate is looked for from far below until the loss explodes; then a fresh network is trained with a part of it."""

import math

import torch
from torch import nn


def network():
    return nn.Sequential(nn.Linear(13, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))


def find(batches, lowest=1e-7, highest=1.0):
    model, criterion = network(), nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lowest, momentum=0.9)
    factor = (highest / lowest) ** (1 / 200)
    best, best_rate = math.inf, lowest
    for features, price in batches:
        rate = optimizer.param_groups[0]["lr"]
        optimizer.zero_grad()
        loss = criterion(model(features), price)
        loss.backward()
        optimizer.step()
        if loss.item() < best:
            best, best_rate = loss.item(), rate
        if loss.item() > 4 * best:
            break
        for group in optimizer.param_groups:
            group["lr"] *= factor
    return best_rate / 10


def train(batches, rate, epochs=50, warmup=5):
    model, criterion = network(), nn.MSELoss()
    rate = min(max(rate, 1e-4), 0.1)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
    for epoch in range(epochs):
        if epoch < warmup:
            scale = (epoch + 1) / warmup
        else:
            scale = 0.5 * (1 + math.cos(math.pi * (epoch - warmup) / (epochs - warmup)))
        for group in optimizer.param_groups:
            group["lr"] = rate * scale
        for features, price in batches:
            optimizer.zero_grad()
            loss = criterion(model(features), price)
            loss.backward()
            optimizer.step()
    return model


batches = torch.load("houses.pt")
train(batches, find(batches))
