from contextlib import contextmanager

import torch
import torch.nn.functional as F
from lightning.fabric import Fabric
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

GESTURES = 8
CHANNELS = 8


@contextmanager
def gradient_scope(optimizer):
    """Whatever happens to a batch, the next one starts with empty gradients."""
    try:
        yield optimizer
    finally:
        optimizer.zero_grad(set_to_none=True)


def forearm_windows(n, seed):
    g = torch.Generator().manual_seed(seed)
    gesture = torch.randint(GESTURES, (n,), generator=g)
    window = torch.randn(n, CHANNELS, 200, generator=g)
    window[torch.arange(n), gesture] *= 1.8
    return TensorDataset(window, gesture)


def network():
    return nn.Sequential(
        nn.Conv1d(CHANNELS, 32, 9, stride=2, padding=4),
        nn.GroupNorm(4, 32),
        nn.GELU(),
        nn.Conv1d(32, 64, 9, stride=2, padding=4),
        nn.GroupNorm(8, 64),
        nn.GELU(),
        nn.AdaptiveAvgPool1d(1),
        nn.Flatten(),
        nn.Dropout(0.2),
        nn.Linear(64, GESTURES),
    )


@torch.no_grad()
def error_rate(net, loader):
    net.eval()
    wrong, total = 0, 0
    for window, gesture in loader:
        wrong += (net(window).argmax(dim=1) != gesture).sum().item()
        total += gesture.numel()
    return wrong / total


def main():
    fabric = Fabric(accelerator="auto", devices=1)
    fabric.launch()
    fabric.seed_everything(3)

    net = network()
    optimizer = torch.optim.AdamW(net.parameters(), lr=8e-4)
    net, optimizer = fabric.setup(net, optimizer)
    train, valid = fabric.setup_dataloaders(
        DataLoader(forearm_windows(2048, 0), batch_size=64, shuffle=True),
        DataLoader(forearm_windows(512, 1), batch_size=128),
    )

    for epoch in range(20):
        net.train()
        for window, gesture in train:
            with gradient_scope(optimizer):
                loss = F.cross_entropy(net(window), gesture)
                fabric.backward(loss)
                fabric.clip_gradients(net, optimizer, max_norm=1.0)
                optimizer.step()
        fabric.print(f"{epoch:02d} error {error_rate(net, valid):.3f}")


if __name__ == "__main__":
    main()
