import torch
import torch.nn.functional as F
from torch import nn

from decoder import InnerProductDecoder


class GCNEncoder(nn.Module):
    def __init__(self, n_in, hidden, n_out):
        super().__init__()
        self.first = nn.Linear(n_in, hidden)
        self.second = nn.Linear(hidden, n_out)
        self.dropout = nn.Dropout(0.3)

    def forward(self, x, adj):
        h = F.relu(adj @ self.first(x))
        return adj @ self.second(self.dropout(h))


class GraphAutoEncoder(nn.Module):
    def __init__(self, encoder, decoder=None):
        super().__init__()
        self.encoder = encoder
        self.decoder = InnerProductDecoder() if decoder is None else decoder

    def encode(self, *args, **kwargs):
        return self.encoder(*args, **kwargs)

    def decode(self, *args, **kwargs):
        return self.decoder(*args, **kwargs)

    def recon_loss(self, z, pos_edges, neg_edges):
        pos = self.decode(z, pos_edges, sigmoid=False)
        neg = self.decode(z, neg_edges, sigmoid=False)
        target = torch.cat([torch.ones_like(pos), torch.zeros_like(neg)])
        return F.binary_cross_entropy(torch.cat([pos, neg]), target)  # expect: logits-into-probability-loss

    @torch.no_grad()
    def auc(self, z, pos_edges, neg_edges):
        pos = self.decode(z, pos_edges)
        neg = self.decode(z, neg_edges)
        return (pos[:, None] > neg[None, :]).float().mean().item()
