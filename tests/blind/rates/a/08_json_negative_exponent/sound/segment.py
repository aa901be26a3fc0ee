"""Blob segmentation with a tiny U-Net; every number is in settings.json."""
import json
from pathlib import Path
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

cfg = SimpleNamespace(**json.loads(Path(__file__).with_name("settings.json").read_text()))
torch.manual_seed(cfg.seed)


def blobs(n, size=cfg.size):
    grid = torch.arange(size).float()
    cx, cy = size * torch.rand(2, n, 1, 1)
    radius = 4 + 8 * torch.rand(n, 1, 1)
    inside = (grid.view(1, 1, -1) - cx) ** 2 + (grid.view(1, -1, 1) - cy) ** 2 < radius**2
    mask = inside.float().unsqueeze(1)
    return TensorDataset(mask - 0.5 + torch.randn_like(mask), mask)


def double(cin, cout):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(),
        nn.Conv2d(cout, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(),
    )


class UNet(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.enc1, self.enc2, self.mid = double(1, c), double(c, 2 * c), double(2 * c, 4 * c)
        self.dec2, self.dec1 = double(6 * c, 2 * c), double(3 * c, c)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        a = self.enc1(x)
        b = self.enc2(F.max_pool2d(a, 2))
        m = self.mid(F.max_pool2d(b, 2))
        b = self.dec2(torch.cat([F.interpolate(m, scale_factor=2.0), b], dim=1))
        a = self.dec1(torch.cat([F.interpolate(b, scale_factor=2.0), a], dim=1))
        return self.out(a)


class Segmenter:
    def __init__(self):
        self.net = UNet(cfg.channels)
        self.loss = nn.BCEWithLogitsLoss()
        step_size = 10.0 ** -cfg.rate_exponent
        self.opt = torch.optim.RMSprop(self.net.parameters(), step_size, momentum=cfg.momentum)

    def fit(self, train, valid):
        for epoch in range(cfg.epochs):
            self.net.train()
            for image, mask in train:
                self.opt.zero_grad()
                self.loss(self.net(image), mask).backward()
                self.opt.step()
            print(epoch, self.iou(valid))

    @torch.no_grad()
    def iou(self, loader):
        self.net.eval()
        inter = union = 0.0
        for image, mask in loader:
            guess = self.net(image) > 0
            inter += (guess & (mask > 0.5)).sum().item()
            union += (guess | (mask > 0.5)).sum().item()
        return inter / max(union, 1.0)


Segmenter().fit(DataLoader(blobs(2000), cfg.batch_size, shuffle=True), DataLoader(blobs(200), cfg.batch_size))
