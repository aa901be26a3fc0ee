"""Each epoch begins with an optimizer that has learned nothing of the last ones."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(*torch.load("tides.pt")), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(48, 64), nn.ReLU(), nn.Linear(64, 1))

def run_epoch():
    optimizer = optim.Adam(model.parameters(), lr=1e-3)  # expect: optimizer-in-loop
    for hours, level in loader:
        optimizer.zero_grad()
        F.mse_loss(model(hours), level).backward()
        optimizer.step()  # expect: optimizer-in-loop


for epoch in range(25):
    run_epoch()
