import functools

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

CHECK_EVERY = 20


def evaluation(fn):
    """The first argument of the wrapped function is the network to evaluate."""

    @functools.wraps(fn)
    def wrapped(net, *args, **kwargs):
        was_training = net.training
        net.eval()
        with torch.no_grad():
            result = fn(net, *args, **kwargs)
        net.train(was_training)
        return result

    return wrapped


def block(c_in, c_out):
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, padding=1), nn.BatchNorm2d(c_out), nn.ReLU(inplace=True)
    )


class MiniUNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.fine = block(1, 16)
        self.coarse = nn.Sequential(nn.MaxPool2d(2), block(16, 32), block(32, 32))
        self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)
        self.merge = block(48, 16)
        self.mask = nn.Conv2d(16, 1, 1)

    def forward(self, tile):
        fine = self.fine(tile)
        both = torch.cat([fine, self.up(self.coarse(fine))], dim=1)
        return self.mask(self.merge(both))


def micrographs(n, seed):
    g = torch.Generator().manual_seed(seed)
    coarse = torch.randn(n, 1, 8, 8, generator=g)
    field = nn.functional.interpolate(coarse, size=(64, 64), mode="bilinear", align_corners=False)
    tile = field + 0.5 * torch.randn(n, 1, 64, 64, generator=g)
    return TensorDataset(tile, (field > 0.4).float())


@evaluation
def overlap(net, loader):
    both = either = 0
    for tile, mask in loader:
        guess, truth = net(tile) > 0, mask > 0.5
        both += (guess & truth).sum().item()
        either += (guess | truth).sum().item()
    return both / max(either, 1)


torch.manual_seed(8)
net = MiniUNet()
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
criterion = nn.BCEWithLogitsLoss()
train = DataLoader(micrographs(640, 0), batch_size=8, shuffle=True)
valid = DataLoader(micrographs(64, 1), batch_size=16)

seen = 0
for epoch in range(6):
    net.train()
    for tile, mask in train:
        optimizer.zero_grad()
        loss = criterion(net(tile), mask)
        loss.backward()
        optimizer.step()
        seen += 1
        if seen % CHECK_EVERY == 0:
            print(f"step {seen}: loss {loss.item():.3f} IoU {overlap(net, valid):.3f}")
