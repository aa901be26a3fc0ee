"""The gradients of all batches add up: nothing clears them."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(*torch.load("meters.pt")), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(24, 64), nn.ReLU(), nn.Linear(64, 1))
optimizer = optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(20):
    for hours, use in loader:
        loss = F.mse_loss(model(hours), use)
        loss.backward()  # expect: missing-zero-grad
        optimizer.step()  # expect: missing-zero-grad
