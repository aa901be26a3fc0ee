"""The scheduler goes first, and the rate that was chosen is never used."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(*torch.load("grapes.pt")), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(13, 64), nn.ReLU(), nn.Linear(64, 3))
optimizer = optim.AdamW(model.parameters(), lr=1e-2)
scheduler = optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)

for epoch in range(30):
    scheduler.step()  # expect: scheduler-before-optimizer
    for analysis, sort in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(analysis), sort).backward()
        optimizer.step()  # expect: scheduler-before-optimizer
