"""After the first validation the statistics of the batches stand still."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(*torch.load("songs.pt")), batch_size=64, shuffle=True)
test = DataLoader(TensorDataset(*torch.load("songs_test.pt")), batch_size=64)
model = nn.Sequential(
    nn.Linear(128, 64),
    nn.BatchNorm1d(64),  # expect: eval-mode-not-restored
    nn.ReLU(),
    nn.Linear(64, 30),
)
optimizer = optim.Adam(model.parameters(), lr=1e-3)

@torch.no_grad()
def validate():
    model.eval()  # expect: eval-mode-not-restored
    return sum(F.cross_entropy(model(song), bird).item() for song, bird in test)


for epoch in range(8):
    for song, bird in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(song), bird).backward()  # expect: eval-mode-not-restored
        optimizer.step()
    print(epoch, validate())
