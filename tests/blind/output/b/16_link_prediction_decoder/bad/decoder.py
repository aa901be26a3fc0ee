import torch
from torch import nn


class InnerProductDecoder(nn.Module):
    """Edge score from the two end points' embeddings."""

    def forward(self, z, edge_index, sigmoid=True):
        source, target = edge_index
        value = (z[source] * z[target]).sum(dim=-1)
        return torch.sigmoid(value) if sigmoid else value
