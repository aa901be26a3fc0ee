"""The rate was to fall over 40 epochs, but nobody tells the scheduler of them."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(*torch.load("wells.pt")), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 1))
optimizer = optim.AdamW(model.parameters(), lr=1e-3)
scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=40)  # expect: unused-scheduler

for epoch in range(40):
    for logs, depth in loader:
        optimizer.zero_grad()
        F.mse_loss(model(logs), depth).backward()
        optimizer.step()  # expect: unused-scheduler
