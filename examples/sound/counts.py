"""A rate is never negative, and the loss is made for that."""

import torch
from torch import nn

model = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 1), nn.Softplus())
criterion = nn.PoissonNLLLoss(log_input=False)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

for weather, visitors in torch.load("visitors.pt"):
    loss = criterion(model(weather), visitors)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
