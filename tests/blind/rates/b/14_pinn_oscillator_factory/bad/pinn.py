"""Physics-informed network for the damped oscillator u'' + 2 d u' + w^2 u = 0."""
from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

DAMPING = 0.5
OMEGA = 3.0

Params = Iterable[nn.Parameter]
FACTORIES: dict[str, Callable[[Params, float], Optimizer]] = {}


def register(name: str) -> Callable[[Callable[[Params, float], Optimizer]], Callable[[Params, float], Optimizer]]:
    def keep(factory: Callable[[Params, float], Optimizer]) -> Callable[[Params, float], Optimizer]:
        FACTORIES[name] = factory
        return factory

    return keep


@register("lbfgs")
def _lbfgs(params: Params, step: float) -> Optimizer:
    return torch.optim.LBFGS(params, lr=step, max_iter=20, line_search_fn="strong_wolfe")


@register("adam")
def _adam(params: Params, step: float) -> Optimizer:
    return torch.optim.Adam(params, lr=step)  # expect: learning-rate-too-high


class Oscillator(nn.Module):
    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(1, width), nn.Tanh(),
            nn.Linear(width, width), nn.Tanh(),
            nn.Linear(width, 1),
        )

    def forward(self, t: Tensor) -> Tensor:
        return self.net(t)


def derivative(y: Tensor, x: Tensor) -> Tensor:
    return torch.autograd.grad(y, x, torch.ones_like(y), create_graph=True)[0]


def physics_loss(model: Oscillator, t: Tensor) -> Tensor:
    u = model(t)
    du = derivative(u, t)
    ddu = derivative(du, t)
    residual = ddu + 2 * DAMPING * du + OMEGA**2 * u
    start_u, start_du = u[0], du[0]
    return residual.pow(2).mean() + 10 * (start_u - 1.0).pow(2).mean() + start_du.pow(2).mean()


def solve(method: str = "adam", steps: int = 400, step: float = 1.0) -> Oscillator:
    torch.manual_seed(3)
    model = Oscillator()
    t = torch.linspace(0.0, 2.0, 200).unsqueeze(1).requires_grad_(True)
    optimizer = FACTORIES[method](model.parameters(), step)

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = physics_loss(model, t)
        loss.backward()
        return loss

    for it in range(steps):
        loss = optimizer.step(closure)
        if it % 50 == 0:
            print(it, loss.item())
    return model


def exact(t: Tensor) -> Tensor:
    w = math.sqrt(OMEGA**2 - DAMPING**2)
    return torch.exp(-DAMPING * t) * (torch.cos(w * t) + DAMPING / w * torch.sin(w * t))


if __name__ == "__main__":
    solution = solve()
    grid = torch.linspace(0.0, 2.0, 101).unsqueeze(1)
    with torch.no_grad():
        print("max error", (solution(grid) - exact(grid)).abs().max().item())
