"""Radar nowcasting: four past frames to the next one."""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset


class Ramp:
    """Multiplier of the base rate after a number of batches."""

    def __init__(self, length: int) -> None:
        self.length = length

    def __call__(self, step: int) -> float:
        progress = (step + 1) / self.length
        return progress


class ResBlock(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        self.norm = nn.GroupNorm(4, width)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(torch.relu(self.conv1(self.norm(x))))


class Nowcaster(nn.Module):
    def __init__(self, past: int = 4, width: int = 24, depth: int = 3) -> None:
        super().__init__()
        self.stem = nn.Conv2d(past, width, 3, padding=1)
        self.blocks = nn.ModuleList(ResBlock(width) for _ in range(depth))
        self.out = nn.Conv2d(width, 1, 1)

    def forward(self, frames: Tensor) -> Tensor:
        h = torch.relu(self.stem(frames))
        for block in self.blocks:
            h = block(h)
        return frames[:, -1:] + self.out(h)


def sequences(count: int, seed: int) -> TensorDataset:
    gen = torch.Generator().manual_seed(seed)
    movie = torch.randn(count, 5, 32, 32, generator=gen).cumsum(dim=1) / 5 ** 0.5
    return TensorDataset(movie[:, :4], movie[:, 4:])


def one_epoch(model: nn.Module, loader: DataLoader, loss_fn: nn.Module, optimizer: Optimizer, scheduler: LambdaLR) -> None:
    model.train()
    for past, following in loader:
        optimizer.zero_grad(set_to_none=True)
        loss_fn(model(past), following).backward()
        optimizer.step()
        scheduler.step()


@torch.no_grad()
def evaluate(model: nn.Module, loader: DataLoader, loss_fn: nn.Module) -> float:
    model.eval()
    losses = [loss_fn(model(past), following).item() for past, following in loader]
    return sum(losses) / len(losses)


def main(epochs: int = 15, warmup: int = 100) -> None:
    torch.manual_seed(11)
    train_loader = DataLoader(sequences(2048, 1), batch_size=64, shuffle=True)
    val_loader = DataLoader(sequences(512, 2), batch_size=64)
    model = Nowcaster()
    loss_fn = nn.SmoothL1Loss()
    optimizer = Adam(model.parameters(), lr=8e-4)
    scheduler = LambdaLR(optimizer, Ramp(warmup))  # expect: unbounded-learning-rate
    for epoch in range(epochs):
        one_epoch(model, train_loader, loss_fn, optimizer, scheduler)
        print(f"epoch {epoch}: val {evaluate(model, val_loader, loss_fn):.4f}")


if __name__ == "__main__":
    main()
