from abc import abstractmethod

import torch
from torch import nn


class Recommender(nn.Module):
    """Implicit feedback: how likely is it that the user clicks the item."""

    @abstractmethod
    def score(self, users, items):
        raise NotImplementedError

    def forward(self, users, items):
        return torch.sigmoid(self.score(users, items))


class BiasedMF(Recommender):
    def __init__(self, n_users, n_items, dim=32):
        super().__init__()
        self.user = nn.Embedding(n_users, dim)
        self.item = nn.Embedding(n_items, dim)
        self.item_bias = nn.Embedding(n_items, 1)
        for table in (self.user, self.item):
            nn.init.normal_(table.weight, std=0.1)
        nn.init.zeros_(self.item_bias.weight)

    def score(self, users, items):
        match = (self.user(users) * self.item(items)).sum(dim=-1)
        return match + self.item_bias(items).squeeze(-1)


class NeuralMF(BiasedMF):
    """Adds a small network on top of the product."""

    def __init__(self, n_users, n_items, dim=32, hidden=64):
        super().__init__(n_users, n_items, dim)
        self.mlp = nn.Sequential(
            nn.Linear(2 * dim, hidden),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(hidden, 1),
        )

    def score(self, users, items):
        pair = torch.cat([self.user(users), self.item(items)], dim=-1)
        return super().score(users, items) + self.mlp(pair).squeeze(-1)
