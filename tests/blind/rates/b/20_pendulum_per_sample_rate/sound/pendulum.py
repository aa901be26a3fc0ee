"""Learn the one-step map of a damped pendulum from simulated states."""
import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

BATCH = 256
RATE = 8e-6


class Momentum(NamedTuple):
    rate: float
    batch: int
    momentum: float = 0.9

    @property
    def per_minibatch(self) -> float:
        return self.rate * self.batch

    def kwargs(self) -> dict:
        return {"lr": self.per_minibatch, "momentum": self.momentum, "nesterov": True}


def simulate(states: Tensor, dt: float = 0.01, steps: int = 10) -> Tensor:
    angle, speed = states.unbind(1)
    for _ in range(steps):
        speed = speed - dt * (9.81 * torch.sin(angle) + 0.2 * speed)
        angle = angle + dt * speed
    return torch.stack([angle, speed], dim=1)


class StepMap(nn.Module):
    def __init__(self, width: int = 64):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(2, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.change = nn.Linear(width, 2)

    def forward(self, state: Tensor) -> Tensor:
        return state + self.change(self.inner(state))


class Learner:
    def __init__(self, model: StepMap, plan: Momentum):
        self.model = model
        self.criterion = nn.MSELoss()
        self.optimizer = torch.optim.SGD(model.parameters(), **plan.kwargs())

    def epoch(self, loader: DataLoader) -> float:
        self.model.train()
        total = 0.0
        for now, later in loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(now), later)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(loader)

    def error(self, now: Tensor, later: Tensor) -> float:
        self.model.eval()
        with torch.no_grad():
            return self.criterion(self.model(now), later).item()


def main() -> None:
    torch.manual_seed(4)
    states = (2 * torch.rand(20_000, 2) - 1) * torch.tensor([math.pi / 2, 2.0])
    after = simulate(states)
    loader = DataLoader(TensorDataset(states[:16_000], after[:16_000]), batch_size=BATCH, shuffle=True)
    learner = Learner(StepMap(), Momentum(RATE, batch=BATCH))
    for epoch in range(100):
        train = learner.epoch(loader)
        held_out = learner.error(states[16_000:], after[16_000:])
        print(f"{epoch:3d} {train:.5f} {held_out:.5f}")


if __name__ == "__main__":
    main()
