import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.conv = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.norm = nn.GroupNorm(4, n_out)
        self.act = nn.GELU()
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        return self.pool(self.act(self.norm(self.conv(x))))


class BirdNet(nn.Module):
    def __init__(self, n_species):
        super().__init__()
        self.body = nn.Sequential(Block(1, 16), Block(16, 32), Block(32, 64))
        self.drop = nn.Dropout(0.25)
        self.head = nn.Linear(64, n_species)

    def forward(self, x):
        return self.head(self.drop(torch.amax(self.body(x), dim=(2, 3))))
