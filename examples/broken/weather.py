"""The loss is printed, but never sent backward."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(*torch.load("stations.pt")), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(40, 64), nn.Tanh(), nn.Linear(64, 4))
optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

for epoch in range(10):
    for readings, sky in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(readings), sky)  # expect: missing-backward
        optimizer.step()  # expect: missing-backward
        print(loss.item())
