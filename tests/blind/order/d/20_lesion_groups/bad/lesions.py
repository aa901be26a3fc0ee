"""Lesion masks on MR slices.  The scans are large, so several loader batches share one update."""
from itertools import islice

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def double_conv(c_in, c_out):
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, padding=1),
        nn.GroupNorm(4, c_out),
        nn.ReLU(inplace=True),
        nn.Conv2d(c_out, c_out, 3, padding=1),
        nn.GroupNorm(4, c_out),
        nn.ReLU(inplace=True),
    )


class TinyUNet(nn.Module):
    def __init__(self, base=16):
        super().__init__()
        self.down1 = double_conv(1, base)
        self.down2 = double_conv(base, 2 * base)
        self.bottom = double_conv(2 * base, 4 * base)
        self.pool = nn.MaxPool2d(2)
        self.dec2 = double_conv(6 * base, 2 * base)
        self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)
        self.dec1 = double_conv(3 * base, base)
        self.mask = nn.Conv2d(base, 1, 1)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(self.pool(a))
        c = self.bottom(self.pool(b))
        b = self.dec2(torch.cat([self.up(c), b], dim=1))
        a = self.dec1(torch.cat([self.up(b), a], dim=1))
        return self.mask(a)


def slices(n, seed):
    g = torch.Generator().manual_seed(seed)
    masks = (torch.rand(n, 1, 64, 64, generator=g) < 0.05).float()
    return TensorDataset(torch.randn(n, 1, 64, 64, generator=g) + masks, masks)


def grouped(loader, size):
    batches = iter(loader)
    while group := list(islice(batches, size)):
        yield group


def train_epoch(net, loader, criterion, optimizer, together=4):
    net.train()
    for group in grouped(loader, together):
        optimizer.zero_grad()
        n_scans = sum(len(scans) for scans, _ in group)
        for scans, masks in group:
            loss = criterion(net(scans), masks)
            loss.backward()  # expect: unscaled-accumulation
        optimizer.step()
        print(f"updated on {n_scans} scans, last loss {loss.item():.4f}")


@torch.inference_mode()
def dice(net, loader):
    net.eval()
    overlap = size = 0.0
    for scans, masks in loader:
        found = (net(scans) > 0).float()
        overlap += 2 * (found * masks).sum().item()
        size += found.sum().item() + masks.sum().item()
    return overlap / max(size, 1.0)


def main():
    train_loader = DataLoader(slices(800, 1), batch_size=4, shuffle=True)
    val_loader = DataLoader(slices(100, 2), batch_size=10)
    net = TinyUNet()
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, nesterov=True)
    for epoch in range(15):
        train_epoch(net, train_loader, criterion, optimizer)
        print(f"epoch {epoch}: Dice {dice(net, val_loader):.3f}")


if __name__ == "__main__":
    main()
