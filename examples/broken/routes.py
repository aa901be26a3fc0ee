"""One network has gradients that nobody follows, another one an optimizer that has nothing to follow."""

import torch
from torch import nn

planner = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 1))
judge = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 1))
planned = torch.optim.Adam(planner.parameters(), lr=1e-3)  # expect: missing-step
judged = torch.optim.Adam(judge.parameters(), lr=1e-3)

for epoch in range(8):
    for route, time in torch.load("routes.pt"):
        planned.zero_grad()
        nn.functional.mse_loss(planner(route), time).backward()  # expect: missing-step

        judged.zero_grad()
        error = nn.functional.mse_loss(judge(route), time)  # expect: missing-backward
        judged.step()  # expect: missing-backward
        print(error.item())
