"""Calibrate a smooth implied-variance surface to option quotes with LBFGS."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(4)
torch.set_default_dtype(torch.float64)


class VarianceSurface(nn.Module):
    """(log-moneyness, maturity in years) -> total implied variance."""

    def __init__(self, width=24):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(2, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1)
        )

    def forward(self, points):
        return F.softplus(self.body(points)).squeeze(-1)


def quotes(n):
    k = torch.rand(n) - 0.5
    t = 0.05 + 1.5 * torch.rand(n)
    vol = 0.2 + 0.15 * k.square() - 0.05 * k
    return torch.stack([k, t], dim=-1), vol.square() * t


def calendar_penalty(surface, points):
    """Total variance must not fall with maturity."""
    points = points.detach().clone().requires_grad_(True)
    slope = torch.autograd.grad(surface(points).sum(), points, create_graph=True)[0][:, 1]
    return F.relu(-slope).mean()


def calibrate(surface, points, variance, rounds=25):
    optimizer = torch.optim.LBFGS(surface.parameters(), lr=1.0, max_iter=20, line_search_fn="strong_wolfe")
    trace = []

    def note(objective):
        if not torch.isfinite(objective):
            raise FloatingPointError("the calibration left the feasible region")
        trace.append(objective.item())
        return objective

    def closure():
        optimizer.zero_grad()
        misfit = F.mse_loss(surface(points), variance)
        return note(misfit + 0.1 * calendar_penalty(surface, points))

    surface.train()
    for _ in range(rounds):
        optimizer.step(closure)  # expect: missing-backward
    return trace


def main():
    surface = VarianceSurface()
    points, variance = quotes(600)
    held_points, held_variance = quotes(150)
    trace = calibrate(surface, points, variance)

    surface.eval()
    with torch.no_grad():
        error = (surface(held_points) - held_variance).abs().mean().item()
    print(f"{len(trace)} evaluations, last objective {trace[-1]:.3e}, held-out error {error:.3e}")


if __name__ == "__main__":
    main()
