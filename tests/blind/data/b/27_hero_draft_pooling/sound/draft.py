"""Predicts the winner of a five-against-five match from the two drafts."""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset, random_split

N_HEROES, TEAM = 120, 5


class TeamEncoder(nn.Module):
    def __init__(self, dim: int = 48) -> None:
        super().__init__()
        self.heroes = nn.Embedding(N_HEROES, dim)
        self.mix = nn.Sequential(nn.Linear(dim, dim), nn.ReLU())
        self.importance = nn.Linear(dim, 1)

    def forward(self, picks: Tensor) -> Tensor:
        h = self.mix(self.heroes(picks))
        share = self.importance(h).squeeze(-1).softmax(dim=-1)
        return torch.einsum("bp,bpd->bd", share, h)


class DraftModel(nn.Module):
    def __init__(self, dim: int = 48) -> None:
        super().__init__()
        self.team = TeamEncoder(dim)
        self.judge = nn.Sequential(nn.Linear(2 * dim, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 1))

    def forward(self, radiant: Tensor, dire: Tensor) -> Tensor:
        both = torch.cat([self.team(radiant), self.team(dire)], dim=-1)
        return self.judge(both).squeeze(-1)


class Trainer:
    def __init__(self, model: nn.Module, lr: float = 2e-3) -> None:
        self.model = model
        self.criterion = nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=lr)

    def step(self, radiant: Tensor, dire: Tensor, won: Tensor) -> float:
        self.optimizer.zero_grad()
        loss = self.criterion(self.model(radiant, dire), won)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def accuracy(self, loader: DataLoader) -> float:
        self.model.eval()
        right = seen = 0
        for radiant, dire, won in loader:
            guess = self.model(radiant, dire) > 0
            right += (guess == won.bool()).sum().item()
            seen += len(won)
        return right / seen

    def fit(self, train: DataLoader, valid: DataLoader, epochs: int) -> None:
        for epoch in range(epochs):
            self.model.train()
            losses = [self.step(*batch) for batch in train]
            print(f"epoch {epoch}: loss {sum(losses) / len(losses):.4f}  valid acc {self.accuracy(valid):.3f}")


def matches(n: int, seed: int) -> TensorDataset:
    g = torch.Generator().manual_seed(seed)
    strength = torch.randn(N_HEROES, generator=g)
    picks = torch.stack([torch.randperm(N_HEROES, generator=g)[:2 * TEAM] for _ in range(n)])
    radiant, dire = picks[:, :TEAM], picks[:, TEAM:]
    edge = strength[radiant].amax(dim=1) - strength[dire].amax(dim=1)
    won = (edge + 0.5 * torch.randn(n, generator=g) > 0).float()
    return TensorDataset(radiant, dire, won)


def main() -> None:
    torch.manual_seed(4)
    train, valid = random_split(matches(12_000, seed=4), [10_000, 2_000])
    trainer = Trainer(DraftModel())
    trainer.fit(DataLoader(train, batch_size=128, shuffle=True), DataLoader(valid, batch_size=512), epochs=12)


if __name__ == "__main__":
    main()
