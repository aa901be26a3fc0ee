"""A small pair potential fitted to energies and forces of eight-atom silicon clusters."""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

N_ATOMS = 8


class PairPotential(nn.Module):
    def __init__(self, n_radial: int = 24, width: int = 64, cutoff: float = 6.0) -> None:
        super().__init__()
        i, j = torch.triu_indices(N_ATOMS, N_ATOMS, offset=1)
        self.register_buffer("i", i)
        self.register_buffer("j", j)
        self.register_buffer("centres", torch.linspace(0.5, cutoff, n_radial))
        self.pair_energy = nn.Sequential(
            nn.Linear(n_radial, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 1)
        )

    def forward(self, positions: Tensor) -> Tensor:
        distance = torch.linalg.vector_norm(positions[:, self.i] - positions[:, self.j], dim=-1)
        radial = torch.exp(-4.0 * (distance.unsqueeze(-1) - self.centres).square())
        return self.pair_energy(radial).squeeze(-1).mean(dim=-1)


def clusters(n: int, seed: int) -> TensorDataset:
    g = torch.Generator().manual_seed(seed)
    grid = torch.cartesian_prod(*[torch.tensor([0.0, 2.3])] * 3)
    shift = 0.15 * torch.randn(n, N_ATOMS, 3, generator=g)
    energy = 20.0 * shift.square().mean(dim=(1, 2))
    return TensorDataset(grid + shift, energy - 0.45, -40.0 * shift / (3 * N_ATOMS))


def energy_and_forces(model: nn.Module, positions: Tensor, *, graph: bool) -> tuple[Tensor, Tensor]:
    positions = positions.clone().requires_grad_(True)
    energy = model(positions)
    (slope,) = torch.autograd.grad(energy.sum(), positions, create_graph=graph)
    return energy, -slope


def validate(model: nn.Module, loader: DataLoader) -> float:
    model.eval()
    error, count = 0.0, 0
    for positions, energy_ref, force_ref in loader:
        energy, force = energy_and_forces(model, positions, graph=False)
        error += (force - force_ref).abs().sum().item()
        count += force_ref.numel()
    return error / count


def fit(model: nn.Module, train: DataLoader, held_out: DataLoader, epochs: int = 40) -> None:
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(epochs):
        model.train()
        for positions, energy_ref, force_ref in train:
            energy, force = energy_and_forces(model, positions, graph=True)
            loss = F.mse_loss(energy, energy_ref) + 10.0 * F.mse_loss(force, force_ref)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"{epoch:3d}  held-out error {validate(model, held_out):.4f}")


if __name__ == "__main__":
    torch.manual_seed(5)
    fit(
        PairPotential(),
        DataLoader(clusters(3000, 1), batch_size=50, shuffle=True),
        DataLoader(clusters(500, 2), batch_size=250),
    )
