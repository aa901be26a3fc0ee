from __future__ import annotations

import torch
from torch.utils.data import DataLoader, TensorDataset

from polyps.engine import Engine
from polyps.unet import TinyUNet


def discs(count: int, size: int = 64) -> TensorDataset:
    grid = torch.arange(size, dtype=torch.float32)
    centre = torch.rand(count, 2, 1, 1) * size
    distance = (grid.view(1, -1, 1) - centre[:, 0]) ** 2 + (grid.view(1, 1, -1) - centre[:, 1]) ** 2
    mask = (distance < 100.0).float().unsqueeze(1)
    return TensorDataset(torch.randn(count, 3, size, size) + mask, mask)


def main() -> None:
    torch.manual_seed(0)
    train = DataLoader(discs(512), batch_size=16, shuffle=True)
    valid = DataLoader(discs(64), batch_size=16)
    engine = Engine(TinyUNet())
    for epoch in range(50):
        engine.train_epoch(train)
        print(f"{epoch:3d} dice {engine.dice(valid):.3f}")


if __name__ == "__main__":
    main()
