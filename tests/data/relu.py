import torch
from torch import nn

model = nn.Sequential(nn.Linear(8, 1), nn.ReLU())
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters())
for _ in range(10):
    x, y = torch.randn(4, 8), torch.randn(4, 1)
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
