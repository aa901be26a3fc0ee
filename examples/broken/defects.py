"""One unit that says how likely a defect is, and a loss that chooses among classes: there is only one to choose."""

import torch
from torch import nn

model = nn.Sequential(nn.Linear(24, 48), nn.ReLU(), nn.Linear(48, 1))  # expect: single-output-cross-entropy
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(20):
    for measured, is_defect in torch.load("parts.pt"):
        optimizer.zero_grad()
        loss = criterion(model(measured), is_defect)  # expect: single-output-cross-entropy "one output"
        loss.backward()
        optimizer.step()
