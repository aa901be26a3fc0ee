"""The pass that should be trained runs with gradients off: its loss leads back to nothing."""

import torch
from torch import nn

critic = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3)

for epoch in range(8):
    for position, value in torch.load("moves.pt"):
        optimizer.zero_grad()
        with torch.no_grad():
            guess = critic(position)  # expect: training-under-no-grad
        loss = nn.functional.mse_loss(guess, value)
        loss.backward()  # expect: training-under-no-grad
        optimizer.step()
