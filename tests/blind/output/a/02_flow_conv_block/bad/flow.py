"""Displacement between two noise textures, in pixels along x and y (a toy FlowNet)."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

MAX_SHIFT = 3


class ShiftedTextures(Dataset):
    def __init__(self, n, size=48, seed=0):
        self.n, self.size, self.seed = n, size, seed

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        g = torch.Generator().manual_seed(self.seed + i)
        first = torch.randn(1, self.size, self.size, generator=g)
        dy, dx = torch.randint(-MAX_SHIFT, MAX_SHIFT + 1, (2,), generator=g).tolist()
        second = torch.roll(first, shifts=(dy, dx), dims=(1, 2))
        flow = torch.tensor([dx, dy], dtype=torch.float32).view(2, 1, 1).expand(2, self.size, self.size)
        return torch.cat([first, second]), flow.contiguous()


class ConvUnit(nn.Module):
    """Convolution, then normalisation and activation unless switched off."""

    def __init__(self, cin, cout, kernel=3, stride=1, norm=True, act=True):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, kernel, stride, kernel // 2, bias=not norm)
        self.norm = nn.BatchNorm2d(cout) if norm else nn.Identity()
        self.act = nn.ReLU(inplace=True) if act else nn.Identity()

    def forward(self, x):
        return self.act(self.norm(self.conv(x)))


class FlowNet(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.down1 = ConvUnit(2, width, kernel=5)
        self.down2 = ConvUnit(width, width * 2, stride=2)
        self.mid = ConvUnit(width * 2, width * 2)
        self.up = ConvUnit(width * 3, width)
        self.out = ConvUnit(width, 2, kernel=1, norm=False)

    def forward(self, pair):
        fine = self.down1(pair)
        coarse = self.mid(self.down2(fine))
        coarse = F.interpolate(coarse, size=fine.shape[-2:], mode="bilinear", align_corners=False)
        return self.out(self.up(torch.cat([fine, coarse], dim=1)))


def endpoint_error(net, loader, device):
    net.eval()
    errors = []
    with torch.no_grad():
        for pair, flow in loader:
            gap = net(pair.to(device)) - flow.to(device)
            errors.append(gap.norm(dim=1).mean().item())
    return sum(errors) / len(errors)


def main():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train_loader = DataLoader(ShiftedTextures(2000), batch_size=16, shuffle=True, drop_last=True)
    val_loader = DataLoader(ShiftedTextures(200, seed=1_000_000), batch_size=16)

    net = FlowNet().to(device)
    optimizer = torch.optim.Adam(net.parameters(), lr=5e-4)
    for epoch in range(15):
        net.train()
        for pair, flow in train_loader:
            pair, flow = pair.to(device), flow.to(device)
            predicted = net(pair)
            loss = F.l1_loss(input=predicted, target=flow)  # expect: relu-before-regression
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
        print("epoch %d: endpoint error %.3f px" % (epoch + 1, endpoint_error(net, val_loader, device)))


if __name__ == "__main__":
    main()
