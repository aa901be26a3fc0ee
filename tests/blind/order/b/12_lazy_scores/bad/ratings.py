"""Explicit-feedback recommendation with a small neural factorisation."""
from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass(frozen=True)
class Config:
    users: int = 2000
    items: int = 500
    factors: int = 24
    rate: float = 2e-3
    decay: float = 1e-4
    epochs: int = 12


class NeuralFactors(nn.Module):
    def __init__(self, cfg: Config):
        super().__init__()
        self.user = nn.Embedding(cfg.users, cfg.factors)
        self.item = nn.Embedding(cfg.items, cfg.factors)
        self.mix = nn.Sequential(nn.Linear(2 * cfg.factors, 48), nn.GELU(), nn.Dropout(0.2), nn.Linear(48, 1))

    def forward(self, pair):
        u, i = pair.unbind(dim=1)
        return self.mix(torch.cat([self.user(u), self.item(i)], dim=1)).squeeze(1)


def ratings(cfg, n=60_000):
    taste, quality = torch.randn(cfg.users), torch.randn(cfg.items)
    pairs = torch.stack([torch.randint(0, cfg.users, (n,)), torch.randint(0, cfg.items, (n,))], dim=1)
    stars = (3 + 0.7 * taste[pairs[:, 0]] + 0.7 * quality[pairs[:, 1]] + 0.3 * torch.randn(n)).clamp(1, 5)
    return pairs, stars


def main(cfg: Config = Config()):
    torch.manual_seed(5)
    pairs, stars = ratings(cfg)
    cut = 50_000
    centre = stars[:cut].mean()
    train = DataLoader(TensorDataset(pairs[:cut], stars[:cut] - centre), batch_size=256, shuffle=True)
    test = DataLoader(TensorDataset(pairs[cut:], stars[cut:] - centre), batch_size=1000)

    model = NeuralFactors(cfg)
    optimizer = torch.optim.AdamW(model.parameters(), lr=cfg.rate, weight_decay=cfg.decay)
    criterion = nn.SmoothL1Loss()

    for epoch in range(cfg.epochs):
        model.train()
        for pair, star in train:
            optimizer.zero_grad()
            loss = criterion(model(pair), star)
            loss.backward()
            optimizer.step()

        model.eval()
        with torch.no_grad():
            scores = (model(pair) for pair, _ in test)  # expect: missing-no-grad
        predicted = torch.cat(list(scores))
        rmse = (predicted - (stars[cut:] - centre)).square().mean().sqrt().item()
        print(f"epoch {epoch}: rmse {rmse:.4f}")


if __name__ == "__main__":
    main()
