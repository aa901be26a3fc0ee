import torch
from torch import nn


class Encoder(nn.Sequential):
    def __init__(self, n_in: int, n_out: int = 32):
        super().__init__(
            nn.Linear(n_in, 64), nn.LayerNorm(64), nn.ReLU(), nn.Dropout(0.1),
            nn.Linear(64, n_out),
        )


def prototype_logits(encoder, support, query, way):
    """Negative squared distance of each query to the mean of each class's support."""
    centres = encoder(support).view(way, -1, 32).mean(dim=1)
    return -torch.cdist(encoder(query), centres).pow(2)


def average(losses):
    return torch.stack(losses).mean()
