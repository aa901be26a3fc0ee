"""Matrix factorisation with the BPR loss; a container sets the REC_* variables."""
from __future__ import annotations

import os
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

N_USERS, N_ITEMS = 2000, 900


@dataclass
class RunConfig:
    lr: float
    dim: int
    epochs: int

    def __post_init__(self) -> None:
        if not 0 < self.lr <= 0.02:
            raise ValueError(f"REC_LR out of range: {self.lr}")
        if self.dim < 1 or self.epochs < 1:
            raise ValueError("REC_DIM and REC_EPOCHS must be positive")

    @classmethod
    def from_env(cls) -> RunConfig:
        env = os.environ
        return cls(
            lr=float(env.get("REC_LR", "0.002")),
            dim=int(env.get("REC_DIM", "32")),
            epochs=int(env.get("REC_EPOCHS", "15")),
        )


class Factors(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.users = nn.Embedding(N_USERS, dim)
        self.items = nn.Embedding(N_ITEMS, dim)
        self.bias = nn.Embedding(N_ITEMS, 1)
        for table in (self.users, self.items, self.bias):
            nn.init.normal_(table.weight, std=0.05)

    def forward(self, user: Tensor, item: Tensor) -> Tensor:
        return (self.users(user) * self.items(item)).sum(dim=1) + self.bias(item).squeeze(1)


def clicks(n: int) -> TensorDataset:
    user = torch.randint(0, N_USERS, (n,))
    item = (user * 7 + torch.randint(0, 40, (n,))) % N_ITEMS
    return TensorDataset(user, item)


def pairwise_accuracy(model: Factors, loader: DataLoader) -> float:
    model.eval()
    right = seen = 0
    with torch.no_grad():
        for user, item in loader:
            other = torch.randint(0, N_ITEMS, item.shape)
            right += (model(user, item) > model(user, other)).sum().item()
            seen += len(user)
    return right / seen


def train(config: RunConfig) -> Factors:
    loader = DataLoader(clicks(60_000), batch_size=256, shuffle=True)
    held_out = DataLoader(clicks(6_000), batch_size=256)
    model = Factors(config.dim)
    optimizer = torch.optim.AdamW(model.parameters(), lr=config.lr, weight_decay=1e-3)
    for epoch in range(config.epochs):
        model.train()
        for user, item in loader:
            other = torch.randint(0, N_ITEMS, item.shape)
            loss = -F.logsigmoid(model(user, item) - model(user, other)).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(epoch, pairwise_accuracy(model, held_out))
    return model


if __name__ == "__main__":
    trained = train(RunConfig.from_env())
    torch.save(trained.state_dict(), "factors.pt")
