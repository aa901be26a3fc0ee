"""Melting temperature of a protein from its amino-acid composition."""
from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

RESIDUES = 20


def make_net() -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(RESIDUES, 64),
        nn.SiLU(),
        nn.Dropout(0.1),
        nn.Linear(64, 64),
        nn.SiLU(),
        nn.Linear(64, 1),
    )


@dataclass
class MeltingPoint:
    rate: float = 1e-3
    epochs: int = 30
    batch_size: int = 64
    net: nn.Sequential = field(default_factory=make_net)

    @property
    def optimizer(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.net.parameters(), lr=self.rate)  # expect: optimizer-in-loop

    def fit(self, train: TensorDataset, valid: TensorDataset) -> MeltingPoint:
        loader = DataLoader(train, batch_size=self.batch_size, shuffle=True)
        for epoch in range(self.epochs):
            loss = self._one_pass(loader)
            print(f"{epoch:3d} train {loss:.3f} valid {self.score(valid):.3f}")
        return self

    def _one_pass(self, loader: DataLoader) -> float:
        self.net.train()
        opt = self.optimizer
        total = 0.0
        for composition, tm in loader:
            opt.zero_grad()
            loss = nn.functional.mse_loss(self.net(composition).squeeze(1), tm)
            loss.backward()
            opt.step()
            total += loss.item()
        return total / len(loader)

    @torch.no_grad()
    def predict(self, composition: Tensor) -> Tensor:
        self.net.eval()
        return self.net(composition).squeeze(1)

    def score(self, data: TensorDataset) -> float:
        composition, tm = data.tensors
        return (self.predict(composition) - tm).abs().mean().item()


def proteins(n: int, seed: int) -> TensorDataset:
    g = torch.Generator().manual_seed(seed)
    composition = torch.randn(n, RESIDUES, generator=g)
    tm = composition[:, :5].sum(1) / 5**0.5 + 0.3 * composition[:, 5] * composition[:, 6]
    return TensorDataset(composition, tm)


if __name__ == "__main__":
    torch.manual_seed(0)
    MeltingPoint().fit(proteins(2000, 0), proteins(400, 1))
