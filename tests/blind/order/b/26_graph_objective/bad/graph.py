from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Graph:
    features: torch.Tensor
    propagate: torch.Tensor
    laplacian: torch.Tensor
    labels: torch.Tensor
    train: torch.Tensor
    valid: torch.Tensor


def communities(n=600, k=4, seed=0):
    gen = torch.Generator().manual_seed(seed)
    labels = torch.randint(k, (n,), generator=gen)
    chance = torch.where(labels[:, None] == labels[None, :], 0.04, 0.004)
    upper = torch.triu((torch.rand(n, n, generator=gen) < chance).float(), diagonal=1)
    adjacency = upper + upper.T
    looped = adjacency + torch.eye(n)
    scale = looped.sum(dim=1).rsqrt()
    propagate = scale[:, None] * looped * scale[None, :]
    features = torch.randn(n, 16, generator=gen)
    features[torch.arange(n), labels] += 1.0
    order = torch.randperm(n, generator=gen)
    train, valid = torch.zeros(n, dtype=torch.bool), torch.zeros(n, dtype=torch.bool)
    train[order[:200]] = True
    valid[order[200:400]] = True
    return Graph(features, propagate, torch.eye(n) - propagate, labels, train, valid)


class GCN(nn.Module):
    def __init__(self, n_in, n_hidden, n_classes):
        super().__init__()
        self.first = nn.Linear(n_in, n_hidden)
        self.second = nn.Linear(n_hidden, n_classes)
        self.drop = nn.Dropout(0.4)

    def forward(self, graph):
        hidden = torch.relu(graph.propagate @ self.first(graph.features))
        return graph.propagate @ self.second(self.drop(hidden)), hidden
