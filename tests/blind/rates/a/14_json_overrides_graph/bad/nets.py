import torch
import torch.nn.functional as F
from torch import nn


class GraphNet(nn.Module):
    """Two rounds of propagation, each followed by a projection."""

    def __init__(self, n_in: int, n_hidden: int, n_out: int, dropout: float = 0.5):
        super().__init__()
        self.inner = nn.Linear(n_in, n_hidden)
        self.outer = nn.Linear(n_hidden, n_out)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features: torch.Tensor, adjacency: torch.Tensor) -> torch.Tensor:
        hidden = F.elu(self.inner(adjacency @ features))
        return self.outer(adjacency @ self.dropout(hidden))


def build(n_in: int, n_out: int, opts: dict) -> GraphNet:
    return GraphNet(n_in, opts["hidden"], n_out)
