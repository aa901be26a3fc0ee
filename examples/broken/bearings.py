"""Gradients are off for the very pass that needs them."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(*torch.load("vibrations.pt")), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 3))
optimizer = optim.Adam(model.parameters(), lr=1e-3)

@torch.no_grad()
def predict(signal):
    return model(signal)  # expect: training-under-no-grad


for signal, fault in loader:
    optimizer.zero_grad()
    loss = F.cross_entropy(predict(signal), fault)
    loss.backward()  # expect: training-under-no-grad
    optimizer.step()
