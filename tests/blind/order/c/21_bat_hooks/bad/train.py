import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from hooks import ClearGradients, LossMeter
from loop import Run

SPECIES = ["pipistrelle", "noctule", "serotine", "barbastelle", "daubenton", "natterer"]


def recordings(n, seed):
    """Standardised log-mel patches of single echolocation calls."""
    g = torch.Generator().manual_seed(seed)
    species = torch.randint(len(SPECIES), (n,), generator=g)
    patches = torch.randn(n, 1, 32, 64, generator=g)
    for row, s in enumerate(species.tolist()):
        patches[row, 0, 4 * s : 4 * s + 4] += 1.0
    return TensorDataset(patches, species)


def build():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, stride=2, padding=1),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2, padding=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(32, len(SPECIES)),
    )


if __name__ == "__main__":
    net = build()
    meter = LossMeter()
    run = Run(
        net,
        nn.CrossEntropyLoss(),
        torch.optim.AdamW(net.parameters(), lr=1e-3),
        hooks=[ClearGradients(), meter],
    )
    train = DataLoader(recordings(960, 0), batch_size=32, shuffle=True)
    valid = DataLoader(recordings(256, 1), batch_size=64)
    run.fit(train, valid, epochs=15)
    print("last training loss", meter.mean)
