"""Matrix factorisation of play counts, class-based."""
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass(frozen=True)
class Sizes:
    listeners: int = 500
    tracks: int = 800
    rank: int = 16


class Factors(nn.Module):
    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.listener = nn.Embedding(sizes.listeners, sizes.rank)
        self.track = nn.Embedding(sizes.tracks, sizes.rank)
        self.offset = nn.Embedding(sizes.tracks, 1)
        nn.init.normal_(self.listener.weight, std=0.1)
        nn.init.normal_(self.track.weight, std=0.1)
        nn.init.normal_(self.offset.weight, std=0.01)

    def forward(self, listener: Tensor, track: Tensor) -> Tensor:
        dot = (self.listener(listener) * self.track(track)).sum(dim=-1)
        return dot + self.offset(track).squeeze(-1)


class PlaylistModel:
    def __init__(self, sizes: Sizes, lr: float = 3e-3) -> None:
        self.factors = Factors(sizes)
        self.lr = lr

    @cached_property
    def criterion(self) -> nn.Module:
        return nn.MSELoss()

    @property
    def optimizer(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.factors.parameters(), lr=self.lr, weight_decay=1e-6)  # expect: optimizer-in-loop

    def fit(self, loader: DataLoader, epochs: int, held_out: DataLoader) -> None:
        for epoch in range(epochs):
            self.factors.train()
            for listener, track, score in loader:
                loss = self.criterion(self.factors(listener, track), score)
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()
            print(f"epoch {epoch:2d}  held-out mse {self.evaluate(held_out):.4f}")

    @torch.no_grad()
    def evaluate(self, loader: DataLoader) -> float:
        self.factors.eval()
        losses = [self.criterion(self.factors(u, t), s).item() for u, t, s in loader]
        return sum(losses) / len(losses)


def interactions(sizes: Sizes, n: int = 40_000) -> tuple[TensorDataset, TensorDataset]:
    taste = torch.randn(sizes.listeners, 4)
    style = torch.randn(sizes.tracks, 4)
    listener = torch.randint(sizes.listeners, (n,))
    track = torch.randint(sizes.tracks, (n,))
    log_plays = (taste[listener] * style[track]).sum(dim=-1) / 2 + 0.1 * torch.randn(n)
    cut = int(0.9 * n)
    return (
        TensorDataset(listener[:cut], track[:cut], log_plays[:cut]),
        TensorDataset(listener[cut:], track[cut:], log_plays[cut:]),
    )


if __name__ == "__main__":
    torch.manual_seed(8)
    sizes = Sizes()
    train_set, test_set = interactions(sizes)
    model = PlaylistModel(sizes)
    model.fit(DataLoader(train_set, batch_size=200, shuffle=True), 20, DataLoader(test_set, batch_size=1000))
