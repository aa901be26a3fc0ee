"""Landmarks on foraminifera shells: heat maps, read out with a differentiable arg-max.

The pictures are drawn on the fly: K bright blobs of different widths on a noisy ground.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

K, SIDE = 4, 48


def draw(n, seed):
    g = torch.Generator().manual_seed(seed)
    axis = torch.linspace(-1, 1, SIDE)
    gy, gx = torch.meshgrid(axis, axis, indexing="ij")
    xy = torch.rand(n, K, 2, generator=g) * 1.6 - 0.8
    d2 = (gx - xy[..., 0, None, None]) ** 2 + (gy - xy[..., 1, None, None]) ** 2
    width = torch.tensor([0.05, 0.08, 0.12, 0.18]).view(1, K, 1, 1)
    picture = torch.exp(-d2 / (2 * width**2)).sum(1, keepdim=True)
    picture = picture + 0.2 * torch.randn(picture.shape, generator=g)
    return TensorDataset((picture - 0.15) / 0.35, xy)


class SoftArgmax(nn.Module):
    """Expected position under the map, in [-1, 1]."""

    def __init__(self, side, beta=1.0):
        super().__init__()
        axis = torch.linspace(-1, 1, side)
        gy, gx = torch.meshgrid(axis, axis, indexing="ij")
        self.register_buffer("places", torch.stack([gx, gy], dim=-1).reshape(-1, 2))
        self.beta = beta

    def mass(self, flat):
        level = flat.amax(dim=-1, keepdim=True)
        return torch.exp(self.beta * (flat - level))

    def forward(self, maps):
        m = self.mass(maps.flatten(2))
        share = m / m.sum(dim=-1, keepdim=True)
        return share @ self.places


def conv(cin, cout):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 5, padding=2, bias=False),
        nn.BatchNorm2d(cout),
        nn.ReLU(),
    )


class LandmarkNet(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.body = nn.Sequential(conv(1, width), conv(width, width), conv(width, width))
        self.maps = nn.Conv2d(width, K, 1)
        self.read = SoftArgmax(SIDE)

    def forward(self, picture):
        return self.read(self.maps(self.body(picture)))


class Trainer:
    def __init__(self, net, lr=1e-3):
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.net = net.to(self.device)
        self.opt = torch.optim.AdamW(self.net.parameters(), lr=lr, weight_decay=1e-2)

    def fit(self, train, valid, epochs):
        for epoch in range(epochs):
            self.net.train()
            for picture, xy in train:
                picture, xy = picture.to(self.device), xy.to(self.device)
                loss = F.smooth_l1_loss(self.net(picture), xy, beta=0.1)
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
            print(f"epoch {epoch:2d}  mean miss {self.miss(valid):.2f} px")

    @torch.no_grad()
    def miss(self, loader):
        self.net.eval()
        total, count = 0.0, 0
        for picture, xy in loader:
            gap = self.net(picture.to(self.device)) - xy.to(self.device)
            total += gap.norm(dim=-1).sum().item()
            count += gap.shape[0] * gap.shape[1]
        return total / count * (SIDE - 1) / 2


if __name__ == "__main__":
    torch.manual_seed(1)
    net = LandmarkNet()
    print(f"10^{math.log10(sum(p.numel() for p in net.parameters())):.1f} weights")
    trainer = Trainer(net)
    trainer.fit(
        DataLoader(draw(4000, seed=1), batch_size=32, shuffle=True),
        DataLoader(draw(500, seed=2), batch_size=100),
        epochs=15,
    )
    torch.save(net.state_dict(), "landmarks.pt")
