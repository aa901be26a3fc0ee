"""One of four kinds of rock is to be chosen, but a sigmoid looks at each kind by itself."""

import torch
import torch.nn.functional as F
from torch import nn


class Rocks(nn.Module):
    def __init__(self, kinds=4):
        super().__init__()
        self.inner = nn.Linear(50, 32)
        self.outer = nn.Linear(32, kinds)

    def forward(self, spectrum):
        return self.outer(F.relu(self.inner(spectrum))).sigmoid()  # expect: sigmoid-with-categorical-loss


model = Rocks()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(8):
    for spectrum, kind in torch.load("rocks.pt"):
        optimizer.zero_grad()
        loss = criterion(model(spectrum), kind)  # expect: sigmoid-with-categorical-loss
        loss.backward()
        optimizer.step()
