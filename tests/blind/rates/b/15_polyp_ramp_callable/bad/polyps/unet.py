from __future__ import annotations

import torch
from torch import Tensor, nn


def block(cin: int, cout: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, padding=1, bias=False),
        nn.BatchNorm2d(cout),
        nn.ReLU(inplace=True),
    )


class TinyUNet(nn.Module):
    def __init__(self, width: int = 16) -> None:
        super().__init__()
        self.down = block(3, width)
        self.middle = nn.Sequential(nn.MaxPool2d(2), block(width, 2 * width))
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.fuse = block(3 * width, width)
        self.mask = nn.Conv2d(width, 1, 1)

    def forward(self, image: Tensor) -> Tensor:
        fine = self.down(image)
        coarse = self.up(self.middle(fine))
        return self.mask(self.fuse(torch.cat([fine, coarse], dim=1)))
