"""The network is rebuilt with the wanted width, but the optimizer keeps the weights of the first one."""

import argparse

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


class Hardness(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.inner = nn.Linear(40, width)
        self.outer = nn.Linear(width, 1)

    def forward(self, x):
        return self.outer(torch.relu(self.inner(x)))


parser = argparse.ArgumentParser()
parser.add_argument("--width", type=int, default=128)
arguments = parser.parse_args()

model = Hardness()
optimizer = optim.AdamW(model.parameters(), lr=1e-3)  # expect: detached-optimizer
model = Hardness(arguments.width)

loader = DataLoader(TensorDataset(*torch.load("alloys.pt")), batch_size=64, shuffle=True)
for epoch in range(20):
    for composition, hardness in loader:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(composition), hardness)
        loss.backward()  # expect: detached-optimizer
        optimizer.step()
