from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

SUBTYPES = 4


class Views(NamedTuple):
    expression: int = 200
    methylation: int = 120
    proteins: int = 60


class LateFusion(nn.Module):
    """One tower per kind of measurement; the towers vote on the tumour subtype."""

    def __init__(self, sizes: Views, width: int = 32, rate: float = 0.3, jitter: float = 0.05):
        super().__init__()
        self.rate = rate
        self.jitter = jitter
        self.towers = nn.ModuleList(nn.Linear(size, width) for size in sizes)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in sizes)
        self.vote = nn.Linear(width * len(sizes), SUBTYPES)

    def forward(self, *views: Tensor) -> Tensor:
        live = self.training
        if live:
            views = tuple(v + self.jitter * torch.randn_like(v) for v in views)
        codes = [
            F.gelu(norm(tower(view)))
            for tower, norm, view in zip(self.towers, self.norms, views)
        ]
        codes = [F.dropout(code, self.rate, live) for code in codes]
        return self.vote(torch.cat(codes, dim=1))


def cohort(sizes: Views, n: int, seed: int) -> TensorDataset:
    g = torch.Generator().manual_seed(seed)
    subtype = torch.randint(SUBTYPES, (n,), generator=g)
    views = []
    for size in sizes:
        view = torch.randn(n, size, generator=g)
        view[torch.arange(n), subtype] += 1.2
        views.append(view)
    return TensorDataset(*views, subtype)


@torch.no_grad()
def accuracy(model: nn.Module, loader: DataLoader) -> float:
    model.eval()
    hits, total = 0, 0
    for *views, subtype in loader:
        hits += (model(*views).argmax(dim=1) == subtype).sum().item()
        total += len(subtype)
    return hits / total


def main() -> None:
    torch.manual_seed(17)
    sizes = Views()
    model = LateFusion(sizes)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-4, weight_decay=0.02)
    train = DataLoader(cohort(sizes, 1600, 0), batch_size=40, shuffle=True)
    valid = DataLoader(cohort(sizes, 400, 1), batch_size=100)

    for epoch in range(18):
        model.train()
        for *views, subtype in train:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(*views), subtype)
            loss.backward()
            optimizer.step()
        print(f"{epoch:2d} {accuracy(model, valid):.3f}")


if __name__ == "__main__":
    main()
