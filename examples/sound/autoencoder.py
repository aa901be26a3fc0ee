"""The pictures lie in 0..1 and so does the output: a sigmoid before this regression loss is right."""

import torch
import torch.nn.functional as F
from torch import nn


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 16))
        self.decoder = nn.Sequential(nn.Linear(16, 128), nn.ReLU(), nn.Linear(128, 784), nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x))


model = Autoencoder()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

for pictures in torch.load("pictures.pt"):
    loss = F.mse_loss(model(pictures), pictures)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
