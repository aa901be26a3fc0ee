import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, mels=24, width=32):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(mels, width, 5, padding=2, bias=False), nn.BatchNorm1d(width), nn.ReLU(),
            nn.Conv1d(width, width, 5, stride=2, padding=2, bias=False), nn.BatchNorm1d(width), nn.ReLU(),
        )

    def forward(self, clips):
        return self.layers(clips).mean(dim=2)


def make_parts(words, width=32):
    head = nn.Sequential(nn.Linear(width, 48), nn.ReLU(), nn.Dropout(0.3), nn.Linear(48, words))
    return nn.ModuleDict({"encoder": Encoder(width=width), "head": head})
