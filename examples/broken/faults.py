"""After the first score the network learns without its dropout, by an optimizer that forgets each epoch."""

import torch
from torch import nn

model = nn.Sequential(nn.Linear(48, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 6))  # expect: eval-mode-not-restored

for epoch in range(8):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)  # expect: optimizer-in-loop
    for measured, fault in torch.load("faults.pt"):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(measured), fault).backward()  # expect: eval-mode-not-restored
        optimizer.step()  # expect: optimizer-in-loop
    model.eval()  # expect: eval-mode-not-restored
    right = 0
    with torch.no_grad():
        for measured, fault in torch.load("held_out.pt"):
            right += (model(measured).argmax(dim=1) == fault).sum().item()
    print(epoch, right)
