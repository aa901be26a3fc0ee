"""Deep Sets on jets of particles (quark, gluon or top) with per-event Monte-Carlo weights."""
from functools import partial

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

KINDS = ["quark", "gluon", "top"]


def generate(n, particles=30, seed=0):
    """Constituents as (log momentum fraction, eta, phi), with padding marked in a mask."""
    g = torch.Generator().manual_seed(seed)
    kind = torch.randint(len(KINDS), (n,), generator=g)
    spread = torch.tensor([0.5, 1.0, 0.8])[kind].view(n, 1, 1)
    count = torch.tensor([12, 24, 20])[kind] + torch.randint(-4, 5, (n,), generator=g)
    mask = (torch.arange(particles) < count.unsqueeze(1)).float()
    jets = spread * torch.randn(n, particles, 3, generator=g)
    prong = torch.randint(0, 3, (n, particles), generator=g) - 1.0
    jets[..., 1] += prong * (kind == 2).float().unsqueeze(1)
    weight = 0.5 + torch.rand(n, generator=g)
    return TensorDataset(jets, mask, kind, weight)


def mlp(*sizes):
    parts = []
    for a, b in zip(sizes[:-1], sizes[1:]):
        parts.extend((nn.Linear(a, b), nn.ReLU()))
    return nn.Sequential(*parts)


class DeepSets(nn.Module):
    def __init__(self, features, classes, normalize, width=64):
        super().__init__()
        self.phi = mlp(features, width, width)
        self.rho = mlp(width, width)
        self.out = nn.Linear(width, classes)
        self.normalize = normalize

    def forward(self, jets, mask):
        mask = mask.unsqueeze(-1)
        pooled = (self.phi(jets) * mask).sum(dim=1) / mask.sum(dim=1)
        return self.normalize(self.out(self.rho(pooled)))


def make_step(net, optimizer):
    nll = nn.NLLLoss(reduction="none")

    def step(jets, mask, kind, weight):
        net.train()
        scores = net(jets, mask)
        loss = (weight * nll(scores, kind)).mean()  # expect: nll-without-log-softmax
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def confusion(net, loader):
    net.eval()
    table = torch.zeros(len(KINDS), len(KINDS), dtype=torch.long)
    with torch.no_grad():
        for jets, mask, kind, _ in loader:
            guess = net(jets, mask).argmax(dim=-1)
            table += torch.bincount(kind * len(KINDS) + guess, minlength=len(KINDS) ** 2).view_as(table)
    return table


def main():
    torch.manual_seed(5)
    train = DataLoader(generate(12000), batch_size=100, shuffle=True)
    test = DataLoader(generate(3000, seed=77), batch_size=500)
    net = DeepSets(3, len(KINDS), normalize=partial(F.softmax, dim=-1))
    step = make_step(net, torch.optim.AdamW(net.parameters(), lr=1e-3))
    for epoch in range(12):
        losses = [step(*batch) for batch in train]
        table = confusion(net, test)
        print(epoch, round(sum(losses) / len(losses), 4), (table.trace() / table.sum()).item())


main()
