"""Cleared too early and stepped too late: what each step sees is nothing, or the batch before."""

import torch
from torch import nn

network = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 1))
correction = nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
tuner = torch.optim.Adam(correction.parameters(), lr=1e-3)

for epoch in range(8):
    for offer, price in torch.load("prices.pt"):
        nn.functional.mse_loss(network(offer), price).backward()  # expect: zero-grad-before-step
        optimizer.zero_grad()  # expect: zero-grad-before-step
        optimizer.step()  # expect: zero-grad-before-step

        left = price - network(offer).detach()
        tuner.zero_grad()
        loss = nn.functional.mse_loss(correction(offer), left)
        tuner.step()  # expect: step-before-backward
        loss.backward()  # expect: step-before-backward
