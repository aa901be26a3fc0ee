"""The network is in evaluation mode while it is scored, but keeps all that it computes for a pass backward."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(*torch.load("stars.pt")), batch_size=64, shuffle=True)
test = DataLoader(TensorDataset(*torch.load("stars_test.pt")), batch_size=64)
model = nn.Sequential(nn.Linear(90, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 7))
optimizer = optim.Adam(model.parameters(), lr=1e-3)


def accuracy():
    model.eval()
    right = 0
    for spectrum, kind in test:
        right += (model(spectrum).argmax(dim=1) == kind).sum().item()  # expect: missing-no-grad
    return right / len(test.dataset)


for epoch in range(8):
    model.train()
    for spectrum, kind in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(spectrum), kind).backward()
        optimizer.step()
    print(epoch, accuracy())
