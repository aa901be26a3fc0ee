"""Surrogate of a damped spring: state, stiffness and damping in, state half a second later out."""
import functools

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def simulate(n: int, span: float = 0.5, parts: int = 50) -> TensorDataset:
    pos, vel = torch.randn(n), torch.randn(n)
    stiffness, damping = torch.randn(n), torch.randn(n)
    k, c = 4.0 + stiffness.clamp(-2, 2), 0.5 + 0.1 * damping.clamp(-2, 2)
    start = torch.stack([pos, vel, stiffness, damping], dim=1)
    dt = span / parts
    for _ in range(parts):
        vel = vel - dt * (k * pos + c * vel)
        pos = pos + dt * vel
    return TensorDataset(start, torch.stack([pos, vel], dim=1))


class Surrogate(nn.Module):
    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.enter = nn.Linear(4, width)
        self.inner = nn.Linear(width, width)
        self.leave = nn.Linear(width, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = torch.tanh(self.enter(x))
        h = h + torch.tanh(self.inner(h))
        return self.leave(h)


class Fitter:
    rate = 1e-3

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.criterion = nn.MSELoss()

    @property
    def optimizer(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.model.parameters(), lr=self.rate)  # expect: optimizer-in-loop

    @functools.cached_property
    def size(self) -> int:
        return sum(p.numel() for p in self.model.parameters())

    def batch(self, x: torch.Tensor, y: torch.Tensor) -> float:
        loss = self.criterion(self.model(x), y)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def epoch(self, loader: DataLoader) -> float:
        self.model.train()
        losses = [self.batch(x, y) for x, y in loader]
        return sum(losses) / len(losses)

    @torch.no_grad()
    def error(self, loader: DataLoader) -> float:
        self.model.eval()
        losses = [self.criterion(self.model(x), y).item() for x, y in loader]
        return sum(losses) / len(losses)


def main() -> None:
    torch.manual_seed(17)
    train = DataLoader(simulate(10_000), batch_size=100, shuffle=True)
    valid = DataLoader(simulate(1_000), batch_size=500)
    fitter = Fitter(Surrogate())
    print("parameters:", fitter.size)
    for epoch in range(20):
        print(f"{epoch:2d} train {fitter.epoch(train):.5f} valid {fitter.error(valid):.5f}")


if __name__ == "__main__":
    main()
