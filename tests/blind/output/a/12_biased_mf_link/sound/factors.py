from typing import Callable

import torch
from torch import nn

Link = Callable[[torch.Tensor], torch.Tensor]


class BiasedFactors(nn.Module):
    """Matrix factorisation with user and item biases (Koren et al.)."""

    def __init__(self, n_users: int, n_items: int, dim: int, link: Link) -> None:
        super().__init__()
        self.users = nn.Embedding(n_users, dim)
        self.items = nn.Embedding(n_items, dim)
        self.user_bias = nn.Embedding(n_users, 1)
        self.item_bias = nn.Embedding(n_items, 1)
        self.link = link
        for table in (self.users, self.items):
            nn.init.normal_(table.weight, std=0.05)
        for table in (self.user_bias, self.item_bias):
            nn.init.zeros_(table.weight)

    def affinity(self, user: torch.Tensor, item: torch.Tensor) -> torch.Tensor:
        dot = (self.users(user) * self.items(item)).sum(dim=-1)
        return dot + self.user_bias(user).squeeze(-1) + self.item_bias(item).squeeze(-1)

    def forward(self, user: torch.Tensor, item: torch.Tensor) -> torch.Tensor:
        return self.affinity(user, item)

    @torch.no_grad()
    def stars(self, user: torch.Tensor, item: torch.Tensor, mean: torch.Tensor) -> torch.Tensor:
        return self.link(self(user, item) + mean)
