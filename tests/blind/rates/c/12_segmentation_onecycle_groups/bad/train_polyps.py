"""Binary polyp segmentation with a small U-Net and a one-cycle schedule."""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 25
BATCH = 8
PEAK = 100.0


class ConvBlock(nn.Sequential):
    def __init__(self, c_in: int, c_out: int) -> None:
        super().__init__(
            nn.Conv2d(c_in, c_out, 3, padding=1, bias=False), nn.GroupNorm(4, c_out), nn.SiLU(),
            nn.Conv2d(c_out, c_out, 3, padding=1, bias=False), nn.GroupNorm(4, c_out), nn.SiLU(),
        )


class SmallUNet(nn.Module):
    def __init__(self, width: int = 16) -> None:
        super().__init__()
        self.down1 = ConvBlock(3, width)
        self.down2 = ConvBlock(width, width * 2)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)
        self.merge = ConvBlock(width * 3, width)
        self.mask = nn.Conv2d(width, 1, 1)

    def forward(self, image: Tensor) -> Tensor:
        fine = self.down1(image)
        coarse = self.up(self.down2(self.pool(fine)))
        return self.mask(self.merge(torch.cat([fine, coarse], dim=1)))


def make_set(n: int) -> TensorDataset:
    return TensorDataset(torch.randn(n, 3, 64, 64), (torch.rand(n, 1, 64, 64) > 0.8).float())


def parameter_groups(net: SmallUNet) -> list[dict]:
    contracting = [*net.down1.parameters(), *net.down2.parameters()]
    expanding = [*net.merge.parameters(), *net.mask.parameters()]
    return [{"params": contracting, "lr": 2e-4}, {"params": expanding, "lr": 2e-3}]


def dice(logits: Tensor, target: Tensor) -> float:
    hard = (logits > 0).float()
    return (2 * (hard * target).sum() / (hard.sum() + target.sum() + 1e-6)).item()


def main() -> None:
    torch.manual_seed(3)
    loader = DataLoader(make_set(240), batch_size=BATCH, shuffle=True)
    held_out = DataLoader(make_set(40), batch_size=BATCH)
    net = SmallUNet()
    optimizer = torch.optim.AdamW(parameter_groups(net), weight_decay=1e-2)
    scheduler = OneCycleLR(
        optimizer,
        max_lr=[group["lr"] * PEAK for group in optimizer.param_groups],  # expect: learning-rate-too-high
        total_steps=EPOCHS * len(loader),
        pct_start=0.2,
    )
    criterion = nn.BCEWithLogitsLoss()

    for epoch in range(EPOCHS):
        net.train()
        for image, target in loader:
            optimizer.zero_grad(set_to_none=True)
            loss = criterion(net(image), target)
            loss.backward()
            optimizer.step()
            scheduler.step()
        net.eval()
        with torch.no_grad():
            scores = [dice(net(image), target) for image, target in held_out]
        print(epoch, f"dice {sum(scores) / len(scores):.3f}", scheduler.get_last_lr())


if __name__ == "__main__":
    main()
