"""Lesion segmentation: cross entropy plus overlap, with Accelerate."""
import torch
from accelerate import Accelerator
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 20


class Overlap(nn.Module):
    """Dice coefficient of a foreground map; `cut` turns probabilities into a mask first."""

    def __init__(self, cut=None, eps=1.0):
        super().__init__()
        self.cut = cut
        self.eps = eps

    def forward(self, logits, mask):
        area = torch.sigmoid(logits)
        if self.cut is not None:
            area = (area > self.cut).float()  # expect: detached-loss
        both = (area * mask).sum(dim=(1, 2, 3))
        either = area.sum(dim=(1, 2, 3)) + mask.sum(dim=(1, 2, 3))
        return ((2 * both + self.eps) / (either + self.eps)).mean()


def conv(c_in, c_out):
    return nn.Sequential(nn.Conv2d(c_in, c_out, 3, padding=1), nn.GroupNorm(4, c_out), nn.SiLU())


class TinyUNet(nn.Module):
    def __init__(self, base=16):
        super().__init__()
        self.down = conv(1, base)
        self.deep = nn.Sequential(nn.MaxPool2d(2), conv(base, 2 * base), nn.Dropout2d(0.1))
        self.up = nn.Sequential(nn.ConvTranspose2d(2 * base, base, 2, stride=2), nn.SiLU())
        self.fuse = conv(2 * base, base)
        self.out = nn.Conv2d(base, 1, 1)

    def forward(self, x):
        fine = self.down(x)
        coarse = self.up(self.deep(fine))
        return self.out(self.fuse(torch.cat([fine, coarse], dim=1)))


def scans(n, seed):
    g = torch.Generator().manual_seed(seed)
    axis = torch.linspace(-1, 1, 64)
    cx, cy = (torch.rand(2, n, 1, 1, generator=g) - 0.5).unbind(0)
    size = 0.1 + 0.3 * torch.rand(n, 1, 1, generator=g)
    mask = ((axis[None, :, None] - cx) ** 2 + (axis[None, None, :] - cy) ** 2 < size**2).float().unsqueeze(1)
    return TensorDataset(mask + torch.randn(mask.shape, generator=g), mask)


def main():
    torch.manual_seed(0)
    accelerator = Accelerator()
    model = TinyUNet()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    train = DataLoader(scans(1200, 1), batch_size=16, shuffle=True)
    valid = DataLoader(scans(200, 2), batch_size=20)
    model, optimizer, train, valid = accelerator.prepare(model, optimizer, train, valid)
    pixelwise = nn.BCEWithLogitsLoss()
    hard = Overlap(cut=0.5)
    overlap = hard

    for epoch in range(EPOCHS):
        model.train()
        for scan, mask in train:
            optimizer.zero_grad()
            logits = model(scan)
            loss = pixelwise(logits, mask) + (1 - overlap(logits, mask))
            accelerator.backward(loss)
            optimizer.step()

        model.eval()
        with torch.no_grad():
            scores = [hard(model(scan), mask).item() for scan, mask in valid]
        accelerator.print(f"{epoch:2d} loss {loss.item():.4f} dice {sum(scores) / len(scores):.4f}")


if __name__ == "__main__":
    main()
