"""The accuracy is that of a network from which dropout takes a third."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(*torch.load("wounds.pt")), batch_size=64, shuffle=True)
test = DataLoader(TensorDataset(*torch.load("wounds_test.pt")), batch_size=64)
model = nn.Sequential(
    nn.Linear(512, 64),
    nn.ReLU(),
    nn.Dropout(0.3),  # expect: missing-eval-mode
    nn.Linear(64, 5),
)
optimizer = optim.Adam(model.parameters(), lr=1e-3)

def accuracy():
    right = 0
    with torch.no_grad():
        for features, grade in test:
            right += (model(features).argmax(dim=1) == grade).sum().item()  # expect: missing-eval-mode
    return right / len(test.dataset)


for epoch in range(8):
    for features, grade in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(features), grade).backward()
        optimizer.step()
    print(epoch, accuracy())
