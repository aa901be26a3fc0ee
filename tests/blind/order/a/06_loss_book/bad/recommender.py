import torch
from torch import nn


class TwoTower(nn.Module):
    """One tower for users, one for films; the head gives a standardised rating and a click logit."""

    def __init__(self, n_users, n_films, dim=16):
        super().__init__()
        self.users = nn.Embedding(n_users, dim)
        self.films = nn.Embedding(n_films, dim)
        self.mix = nn.Sequential(nn.Linear(2 * dim, 32), nn.ReLU(), nn.Dropout(0.1))
        self.rating = nn.Linear(32, 1)
        self.click = nn.Linear(32, 1)

    def forward(self, user, film):
        h = self.mix(torch.cat([self.users(user), self.films(film)], dim=-1))
        return self.rating(h).squeeze(-1), self.click(h).squeeze(-1)
