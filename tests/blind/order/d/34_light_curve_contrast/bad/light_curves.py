"""Contrastive embedding of variable-star light curves."""
import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class CurveEncoder(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv1d(1, 32, 7, stride=2, padding=3), nn.GroupNorm(4, 32), nn.GELU(),
            nn.Conv1d(32, 64, 5, stride=2, padding=2), nn.GroupNorm(4, 64), nn.GELU(),
            nn.AdaptiveAvgPool1d(1), nn.Flatten(),
            nn.Linear(64, dim),
        )

    def forward(self, flux):
        return F.normalize(self.net(flux), dim=-1)


def stars(n, samples=128):
    t = torch.linspace(0, 1, samples)
    period = torch.rand(n, 1) * 0.4 + 0.05
    phase = torch.rand(2, n, 1)
    curves = torch.sin(2 * torch.pi * (t / period + phase)) * 1.3 + 0.2 * torch.randn(2, n, samples)
    return TensorDataset(curves[0].unsqueeze(1), curves[1].unsqueeze(1))


def info_nce(left, right, temperature=0.1):
    similarity = left @ right.T / temperature
    return F.cross_entropy(similarity, torch.arange(len(left)))


def retrieval(first, second, loader):
    first.eval()
    second.eval()
    hits = total = 0
    with torch.no_grad():
        for a, b in loader:
            nearest = (first(a) @ second(b).T).argmax(dim=1)
            hits += (nearest == torch.arange(len(a))).sum().item()
            total += len(a)
    return hits / total


def main():
    torch.manual_seed(12)
    train_loader = DataLoader(stars(3200), batch_size=64, shuffle=True, drop_last=True)
    val_loader = DataLoader(stars(640), batch_size=64)

    first = CurveEncoder()
    second = copy.deepcopy(first)
    towers = nn.ModuleList([first, second])
    optimizer = torch.optim.AdamW(towers.parameters(), lr=1e-3, weight_decay=1e-4)

    for epoch in range(20):
        first.train()
        second.train()
        for a, b in train_loader:
            optimizer.zero_grad()
            query = first(a)
            with torch.no_grad():
                key = second(b)  # expect: training-under-no-grad
            loss = info_nce(query, key)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch:2d}  loss {loss.item():.3f}  retrieval@1 {retrieval(first, second, val_loader):.3f}")


if __name__ == "__main__":
    main()
