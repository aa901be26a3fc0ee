"""Four batches make one step, which is four times as long as that of one large batch."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

ACCUMULATE = 4

loader = DataLoader(TensorDataset(*torch.load("glaciers.pt")), batch_size=16, shuffle=True)
model = nn.Sequential(nn.Linear(12, 48), nn.ReLU(), nn.Linear(48, 1))
optimizer = optim.SGD(model.parameters(), lr=0.05)

for epoch in range(30):
    for batch, (climate, retreat) in enumerate(loader, start=1):
        loss = F.smooth_l1_loss(model(climate), retreat)  # expect: unscaled-accumulation
        loss.backward()  # expect: unscaled-accumulation
        if batch % ACCUMULATE == 0 or batch == len(loader):
            optimizer.step()  # expect: unscaled-accumulation
            optimizer.zero_grad()
