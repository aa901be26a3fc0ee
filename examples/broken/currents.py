"""The loss of an epoch leads to everything that was computed for each batch of it."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(*torch.load("currents.pt")), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(24, 64), nn.ReLU(), nn.Linear(64, 2))
optimizer = optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(40):
    epoch_loss = 0.0
    for wind, current in loader:
        optimizer.zero_grad()
        loss = F.mse_loss(model(wind), current)  # expect: loss-keeps-graph
        loss.backward()
        optimizer.step()
        epoch_loss += loss  # expect: loss-keeps-graph
    print(epoch, epoch_loss / len(loader))
