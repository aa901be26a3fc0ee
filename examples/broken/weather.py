"""The gradients of all batches pile up, and the rate never falls: nobody steps the schedule."""

import torch
from torch import nn

model = nn.Sequential(nn.Linear(12, 64), nn.ReLU(), nn.Linear(64, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10)  # expect: unused-scheduler

for epoch in range(8):
    for measured, rain in torch.load("weather.pt"):
        loss = nn.functional.mse_loss(model(measured), rain)
        loss.backward()  # expect: missing-zero-grad
        optimizer.step()  # expect: missing-zero-grad; unused-scheduler
