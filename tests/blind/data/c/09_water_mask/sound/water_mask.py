"""Surface water in four-band satellite patches, trained with a soft Dice loss."""
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

CODES: dict[str, int] = {"land": 0, "water": 1}
BANDS = 4


class Patches(Dataset):
    def __init__(self, folder: str) -> None:
        self.images = sorted(Path(folder, "images").glob("*.npy"))
        self.masks = sorted(Path(folder, "masks").glob("*.npy"))

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        reflectance = np.load(self.images[index]).astype(np.float32) / 10_000.0
        codes = torch.from_numpy(np.load(self.masks[index]).astype(np.int64))
        planes = torch.stack([codes == code for code in CODES.values()])
        return torch.from_numpy(reflectance), planes.float()


def block(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(inplace=True),
        nn.Conv2d(after, after, 3, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(inplace=True),
    )


class SmallUNet(nn.Module):
    def __init__(self, bands: int, planes: int, width: int = 16) -> None:
        super().__init__()
        self.top = block(bands, width)
        self.bottom = block(width, 2 * width)
        self.join = block(3 * width, width)
        self.out = nn.Conv2d(width, planes, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        fine = self.top(x)
        coarse = self.bottom(F.max_pool2d(fine, 2))
        coarse = F.interpolate(coarse, scale_factor=2.0, mode="bilinear", align_corners=False)
        return self.out(self.join(torch.cat([fine, coarse], dim=1)))


def dice_loss(scores: Tensor, planes: Tensor, smooth: float = 1.0) -> Tensor:
    share = F.softmax(scores, dim=1)
    overlap = (share * planes).sum(dim=(2, 3))
    size = share.sum(dim=(2, 3)) + planes.sum(dim=(2, 3))
    return 1.0 - ((2.0 * overlap + smooth) / (size + smooth)).mean()


def validate(net: nn.Module, loader: DataLoader) -> float:
    net.eval()
    with torch.no_grad():
        losses = [dice_loss(net(image), planes).item() for image, planes in loader]
    return float(np.mean(losses))


def main() -> None:
    torch.manual_seed(4)
    train = DataLoader(Patches("water/train"), batch_size=8, shuffle=True, drop_last=True)
    val = DataLoader(Patches("water/val"), batch_size=8)
    net = SmallUNet(BANDS, len(CODES))
    optimizer = torch.optim.AdamW(net.parameters(), lr=5e-4)

    for epoch in range(50):
        net.train()
        for image, planes in train:
            optimizer.zero_grad()
            loss = dice_loss(net(image), planes)
            loss.backward()
            optimizer.step()
        print(f"{epoch + 1:3d}  validation Dice loss {validate(net, val):.4f}")
    torch.save(net.state_dict(), "water.pt")


if __name__ == "__main__":
    main()
