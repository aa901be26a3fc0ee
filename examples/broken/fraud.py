"""The optimizer steps while there are no gradients yet."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(*torch.load("payments.pt")), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(30, 64), nn.ReLU(), nn.Linear(64, 2))
optimizer = optim.AdamW(model.parameters(), lr=1e-3)

def learn(payments, labels):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(payments), labels)
    optimizer.step()  # expect: step-before-backward
    loss.backward()  # expect: step-before-backward
    return loss.item()


for epoch in range(5):
    print(sum(learn(payments, labels) for payments, labels in loader))
