import torch
from torch import nn


class GraphNet(nn.Module):
    """Two rounds of propagation, then one projection."""

    def __init__(self, n_in: int, n_hops: int, n_out: int):
        super().__init__()
        self.n_hops = n_hops
        self.outer = nn.Linear(n_in, n_out)

    def forward(self, features: torch.Tensor, adjacency: torch.Tensor) -> torch.Tensor:
        hidden = features
        for _ in range(self.n_hops):
            hidden = adjacency @ hidden
        return self.outer(hidden)


def build(n_in: int, n_out: int, opts: dict) -> GraphNet:
    return GraphNet(n_in, opts.get("hops", 2), n_out)
