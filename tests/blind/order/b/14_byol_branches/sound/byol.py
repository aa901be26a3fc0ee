"""BYOL on light curves (one band, 80 points), judged by its nearest neighbours."""
import copy
from itertools import chain

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

POINTS, KINDS, EPOCHS, MOMENTUM = 80, 4, 30, 0.99
torch.manual_seed(21)


def curves(n):
    kind = torch.randint(0, KINDS, (n,))
    phase = 6.28 * torch.rand(n, 1)
    t = torch.linspace(0, 6.28, POINTS)
    x = torch.sin((1 + kind[:, None]) * t + phase) + 0.3 * torch.randn(n, POINTS)
    return x, kind


def augment(x):
    x = torch.roll(x, int(torch.randint(0, POINTS, (1,))), dims=1)
    return x * (0.8 + 0.4 * torch.rand(len(x), 1)) + 0.1 * torch.randn_like(x)


def head(n_in, n_hidden, n_out):
    return nn.Sequential(nn.Linear(n_in, n_hidden), nn.BatchNorm1d(n_hidden), nn.ReLU(), nn.Linear(n_hidden, n_out))


encoder = nn.Sequential(
    nn.Unflatten(1, (1, POINTS)),
    nn.Conv1d(1, 16, 5, stride=2, padding=2), nn.BatchNorm1d(16), nn.ReLU(),
    nn.Conv1d(16, 32, 5, stride=2, padding=2), nn.BatchNorm1d(32), nn.ReLU(),
    nn.AdaptiveAvgPool1d(4), nn.Flatten(),
)
online = nn.Sequential(encoder, head(128, 128, 32))
target = copy.deepcopy(online).requires_grad_(False)
predictor = head(32, 64, 32)
optimizer = torch.optim.AdamW(chain(online.parameters(), predictor.parameters()), lr=1e-3, weight_decay=1e-4)

x_train, _ = curves(5000)
bank_x, bank_kind = curves(1000)
probe_x, probe_kind = curves(500)
loader = DataLoader(TensorDataset(x_train), batch_size=128, shuffle=True, drop_last=True)


def neighbours():
    encoder.eval()
    with torch.no_grad():
        bank = F.normalize(encoder(bank_x), dim=1)
        probe = F.normalize(encoder(probe_x), dim=1)
    encoder.train()
    return (bank_kind[(probe @ bank.T).argmax(dim=1)] == probe_kind).float().mean().item()


for epoch in range(EPOCHS):
    total = 0.0
    for (x,) in loader:
        first, second = augment(x), augment(x)
        with torch.no_grad():
            z_second = target(second)
        z_first = online(first)
        loss = 2 - 2 * F.cosine_similarity(predictor(z_first), z_second, dim=1).mean()

        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            for slow, fast in zip(target.parameters(), online.parameters()):
                slow.mul_(MOMENTUM).add_(fast, alpha=1 - MOMENTUM)
        total += loss.item()
    print(f"{epoch:2d} loss {total / len(loader):.4f} 1-nn {neighbours():.3f}")
