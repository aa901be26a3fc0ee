import torch
from torch import nn


class Ranker(nn.Module):
    """Scores how well each item of a slate suits a user."""

    def __init__(self, s):
        super().__init__()
        self.user = nn.Embedding(s.n_users, s.dim)
        self.item = nn.Embedding(s.n_items, s.dim)
        layers, width = [], 2 * s.dim
        for size in s.hidden:
            layers.extend((nn.Linear(width, size), nn.GELU(), nn.Dropout(0.1)))
            width = size
        layers.append(nn.Linear(width, s.n_out))
        self.mlp = nn.Sequential(*layers)

    def forward(self, users, items):
        who = self.user(users).unsqueeze(1).expand(-1, items.shape[1], -1)
        pair = torch.cat([who, self.item(items)], dim=-1)
        return self.mlp(pair).squeeze(-1)
