"""The gradients are cleared just before they are needed."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(*torch.load("junctions.pt")), batch_size=64, shuffle=True)
model = nn.GRU(12, 32, batch_first=True)
head = nn.Linear(32, 1)
optimizer = optim.Adam([*model.parameters(), *head.parameters()], lr=1e-3)

for counts, flow in loader:
    output, _ = model(counts)
    loss = F.l1_loss(head(output[:, -1]), flow)
    loss.backward()  # expect: zero-grad-before-step
    optimizer.zero_grad()  # expect: zero-grad-before-step
    optimizer.step()  # expect: zero-grad-before-step
