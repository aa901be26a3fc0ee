"""Everything is computed, and nothing is learned."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(*torch.load("molecules.pt")), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(200, 64), nn.SiLU(), nn.Linear(64, 1))
optimizer = optim.Adam(model.parameters(), lr=1e-3)  # expect: missing-step

for epoch in range(10):
    for fingerprint, solubility in loader:
        optimizer.zero_grad()
        loss = F.smooth_l1_loss(model(fingerprint), solubility)
        loss.backward()  # expect: missing-step
    print(epoch, loss.item())
