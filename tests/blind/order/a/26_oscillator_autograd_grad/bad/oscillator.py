"""Physics-informed network for an under-damped oscillator."""
from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Problem:
    damping: float = 2.0
    omega: float = 12.0
    points: int = 200

    def exact(self, t: Tensor) -> Tensor:
        w = math.sqrt(self.omega**2 - self.damping**2)
        phase = math.atan(-self.damping / w)
        amplitude = 1 / (2 * math.cos(phase))
        return 2 * amplitude * torch.exp(-self.damping * t) * torch.cos(phase + w * t)


@dataclass(frozen=True)
class Settings:
    steps: int = 15_000
    rate: float = 1e-3
    physics_weight: float = 1e-4
    report_every: int = 1000


def build(width: int = 32) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(1, width), nn.Tanh(),
        nn.Linear(width, width), nn.Tanh(),
        nn.Linear(width, width), nn.Tanh(),
        nn.Linear(width, 1),
    )


def derivative(u: Tensor, t: Tensor) -> Tensor:
    (du,) = torch.autograd.grad(u, t, torch.ones_like(u), create_graph=True)
    return du


def objective(net: nn.Module, problem: Problem, weight: float) -> Tensor:
    start = torch.zeros(1, 1, requires_grad=True)
    u0 = net(start)
    boundary = (u0 - 1).pow(2).mean() + 0.1 * derivative(u0, start).pow(2).mean()

    t = torch.rand(problem.points, 1, requires_grad=True)
    u = net(t)
    du = derivative(u, t)
    residual = derivative(du, t) + 2 * problem.damping * du + problem.omega**2 * u
    return boundary + weight * residual.pow(2).mean()


def solve(problem: Problem, settings: Settings) -> nn.Module:
    net = build()
    weights = list(net.parameters())
    optimizer = torch.optim.Adam(weights, lr=settings.rate)
    for step in range(settings.steps):
        optimizer.zero_grad()
        loss = objective(net, problem, settings.physics_weight)
        slopes = torch.autograd.grad(loss, weights)
        norm = torch.stack([g.norm() for g in slopes]).norm()
        optimizer.step()  # expect: missing-backward
        if step % settings.report_every == 0:
            print(f"{step:6d}  loss {loss.item():.3e}  gradient norm {norm.item():.2e}")
    return net


def main() -> None:
    torch.manual_seed(5)
    problem = Problem()
    net = solve(problem, Settings())
    net.eval()
    with torch.no_grad():
        t = torch.linspace(0, 1, 500).unsqueeze(1)
        error = (net(t) - problem.exact(t)).abs().max()
    print(f"largest error {error.item():.4f}")


if __name__ == "__main__":
    main()
