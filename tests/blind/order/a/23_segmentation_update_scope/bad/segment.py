"""Cell outlines: a two-level U-Net on rendered ellipses."""
from contextlib import contextmanager

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Cells(Dataset):
    def __init__(self, length, offset, size=64):
        self.length, self.offset, self.size = length, offset, size

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        rng = np.random.default_rng(self.offset + index)
        yy, xx = np.mgrid[: self.size, : self.size]
        mask = np.zeros((self.size, self.size), dtype=np.float32)
        for _ in range(rng.integers(2, 6)):
            cy, cx = rng.uniform(8, self.size - 8, 2)
            ry, rx = rng.uniform(4, 10, 2)
            mask[((yy - cy) / ry) ** 2 + ((xx - cx) / rx) ** 2 < 1] = 1.0
        image = 0.4 * mask + 0.3 + rng.normal(0, 0.15, mask.shape).astype(np.float32)
        image = (image - 0.45) / 0.25
        return torch.from_numpy(image)[None].float(), torch.from_numpy(mask)[None]


def block(n_in, n_out):
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, 3, padding=1, bias=False), nn.BatchNorm2d(n_out), nn.ReLU(),
        nn.Conv2d(n_out, n_out, 3, padding=1, bias=False), nn.BatchNorm2d(n_out), nn.ReLU(),
    )


class TinyUNet(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.top = block(1, width)
        self.bottom = block(width, width * 2)
        self.up = nn.ConvTranspose2d(width * 2, width, 2, stride=2)
        self.merge = block(width * 2, width)
        self.out = nn.Conv2d(width, 1, 1)

    def forward(self, x):
        skip = self.top(x)
        deep = self.bottom(F.max_pool2d(skip, 2))
        return self.out(self.merge(torch.cat([skip, self.up(deep)], dim=1)))


def soft_dice(logits, mask):
    p = logits.sigmoid()
    overlap = (p * mask).sum(dim=(1, 2, 3))
    return 1 - ((2 * overlap + 1) / (p.sum(dim=(1, 2, 3)) + mask.sum(dim=(1, 2, 3)) + 1)).mean()


@contextmanager
def update(optimizer):
    yield
    optimizer.zero_grad()  # expect: zero-grad-before-step
    optimizer.step()


@torch.no_grad()
def iou(model, loader):
    model.eval()
    inter = union = 0.0
    for image, mask in loader:
        hit = model(image).sigmoid() > 0.5
        inter += (hit & (mask > 0)).sum().item()
        union += (hit | (mask > 0)).sum().item()
    return inter / max(union, 1.0)


def main():
    train = DataLoader(Cells(512, offset=0), batch_size=16, shuffle=True)
    val = DataLoader(Cells(128, offset=100_000), batch_size=16)
    model = TinyUNet()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for epoch in range(15):
        model.train()
        for image, mask in train:
            with update(optimizer):
                logits = model(image)
                loss = F.binary_cross_entropy_with_logits(logits, mask) + soft_dice(logits, mask)
                loss.backward()
        print(f"epoch {epoch}: IoU {iou(model, val):.3f}")


if __name__ == "__main__":
    main()
