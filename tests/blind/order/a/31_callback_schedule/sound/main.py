"""Heart-beat classes from single-lead segments."""
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from callbacks import Console, Schedule
from loop import Loop

CLASSES, SAMPLES, EPOCHS, BATCH = 5, 180, 15, 50


def beats(n, seed):
    g = torch.Generator().manual_seed(seed)
    kind = torch.randint(CLASSES, (n,), generator=g)
    t = torch.linspace(-1, 1, SAMPLES)
    width = 0.04 + 0.03 * kind[:, None]
    shift = 0.05 * torch.randn(n, 1, generator=g)
    wave = torch.exp(-(((t - shift) / width) ** 2)) - 0.1 * kind[:, None] * torch.exp(-(((t - 0.4) / 0.15) ** 2))
    wave = wave + 0.1 * torch.randn(n, SAMPLES, generator=g)
    wave = (wave - wave.mean(dim=1, keepdim=True)) / wave.std(dim=1, keepdim=True)
    return TensorDataset(wave[:, None], kind)


def network():
    def stage(n_in, n_out):
        return [nn.Conv1d(n_in, n_out, 7, padding=3), nn.BatchNorm1d(n_out), nn.ReLU(), nn.MaxPool1d(2)]

    return nn.Sequential(
        *stage(1, 16), *stage(16, 32), *stage(32, 64),
        nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(64, CLASSES),
    )


def main():
    torch.manual_seed(0)
    train = DataLoader(beats(4000, seed=1), batch_size=BATCH, shuffle=True)
    val = DataLoader(beats(1000, seed=2), batch_size=200)
    total, warm = EPOCHS * len(train), 100

    def factor(step):
        if step < warm:
            return (step + 1) / warm
        return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warm) / (total - warm))))

    model = network()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
    loop = Loop(model, nn.CrossEntropyLoss(), optimizer, [Schedule(scheduler), Console()])
    loop.fit(train, val, EPOCHS)


if __name__ == "__main__":
    main()
