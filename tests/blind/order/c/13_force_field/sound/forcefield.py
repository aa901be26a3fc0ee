"""Energy and force matching for a six-atom cluster."""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

ATOMS = 6
LEFT, RIGHT = torch.triu_indices(ATOMS, ATOMS, offset=1)


def distances(pos: Tensor) -> Tensor:
    return (pos[:, LEFT] - pos[:, RIGHT]).norm(dim=-1)


class Potential(nn.Module):
    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.pair = nn.Sequential(
            nn.Linear(1, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 1)
        )

    def forward(self, pos: Tensor) -> Tensor:
        return self.pair(distances(pos).unsqueeze(-1)).mean(dim=(1, 2))


def energy_and_forces(model: nn.Module, pos: Tensor, create_graph: bool) -> tuple[Tensor, Tensor]:
    pos = pos.detach().requires_grad_(True)
    energy = model(pos)
    (slope,) = torch.autograd.grad(energy.sum(), pos, create_graph=create_graph)
    return energy, -slope


def clusters(n: int) -> TensorDataset:
    pos = torch.randn(n, ATOMS, 3, requires_grad=True)
    energy = (distances(pos) - 1.5).pow(2).mean(dim=1)
    (slope,) = torch.autograd.grad(energy.sum(), pos)
    return TensorDataset(pos.detach(), energy.detach(), -slope)


def evaluate(model: nn.Module, loader: DataLoader) -> float:
    model.eval()
    error, count = 0.0, 0
    for pos, energy, forces in loader:
        _, predicted = energy_and_forces(model, pos, create_graph=False)
        error += (predicted - forces).abs().sum().item()
        count += forces.numel()
    return error / count


def train(model: nn.Module, epochs: int = 40, force_weight: float = 0.5) -> None:
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    criterion = nn.MSELoss()
    train_loader = DataLoader(clusters(4000), batch_size=100, shuffle=True)
    valid_loader = DataLoader(clusters(500), batch_size=100)
    for epoch in range(epochs):
        model.train()
        for pos, energy, forces in train_loader:
            optimizer.zero_grad()
            e, f = energy_and_forces(model, pos, create_graph=True)
            loss = criterion(e, energy) + force_weight * criterion(f, forces)
            loss.backward()
            optimizer.step()
        print(epoch, f"{evaluate(model, valid_loader):.5f}")


if __name__ == "__main__":
    torch.manual_seed(6)
    train(Potential())
