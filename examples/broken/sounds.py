"""The schedule starts one step early, and the network is scored with dropout on."""

import torch
from torch import nn

model = nn.Sequential(nn.Linear(128, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 10))  # expect: missing-eval-mode
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=20)

for epoch in range(8):
    schedule.step()  # expect: scheduler-before-optimizer
    for sound, label in torch.load("sounds.pt"):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(sound), label).backward()
        optimizer.step()  # expect: scheduler-before-optimizer

right = 0
with torch.no_grad():
    for sound, label in torch.load("held_out.pt"):
        right += (model(sound).argmax(dim=1) == label).sum().item()  # expect: missing-eval-mode
print(right)
