"""Assign metagenome fragments to phyla by their tetranucleotide profile."""
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

PHYLA, KMERS = 12, 256
L2 = 1e-4


def profiles(n, centres):
    phylum = torch.randint(PHYLA, (n,))
    counts = torch.poisson(torch.exp(centres[phylum] + 2.0))
    clr = torch.log1p(counts)
    return TensorDataset(clr - clr.mean(dim=1, keepdim=True), phylum)


def build():
    return nn.Sequential(
        nn.Linear(KMERS, 128), nn.LayerNorm(128), nn.ReLU(), nn.Dropout(0.3),
        nn.Linear(128, PHYLA),
    )


@torch.no_grad()
def scores(model, x):
    return model(x)  # expect: training-under-no-grad


def penalty(model):
    return L2 * sum(p.pow(2).sum() for p in model.parameters() if p.ndim > 1)


def train_one_epoch(model, loader, optimizer):
    model.train()
    total = 0.0
    for x, phylum in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(scores(model, x), phylum) + penalty(model)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


def evaluate(model, loader):
    model.eval()
    right = 0
    for x, phylum in loader:
        right += (scores(model, x).argmax(dim=1) == phylum).sum().item()
    return right / len(loader.dataset)


def main():
    torch.manual_seed(21)
    centres = 0.5 * torch.randn(PHYLA, KMERS)
    train_loader = DataLoader(profiles(6000, centres), batch_size=100, shuffle=True)
    valid_loader = DataLoader(profiles(1000, centres), batch_size=250)
    model = build()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(20):
        loss = train_one_epoch(model, train_loader, optimizer)
        print(f"{epoch:2d}  loss {loss:.4f}  accuracy {evaluate(model, valid_loader):.4f}")


if __name__ == "__main__":
    main()
