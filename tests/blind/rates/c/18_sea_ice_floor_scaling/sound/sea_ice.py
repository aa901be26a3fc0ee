"""Sea-ice type segmentation from two-channel radar tiles."""
from dataclasses import dataclass, field

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass(frozen=True)
class Recipe:
    classes: int = 4
    tile: int = 16
    epochs: int = 12
    batch_size: int = 512
    reference_batch: int = 256
    base_lr: float = 0.05
    extras: dict = field(default_factory=lambda: {"momentum": 0.9, "weight_decay": 1e-4})

    @property
    def lr(self) -> float:
        return self.base_lr * (self.batch_size // self.reference_batch)

    def optimizer_arguments(self) -> dict:
        return dict(lr=self.lr, **self.extras)


def conv(c_in: int, c_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, padding=1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU()
    )


class IceNet(nn.Module):
    def __init__(self, classes: int, width: int = 32) -> None:
        super().__init__()
        self.stem = conv(2, width)
        self.body = nn.ModuleList(conv(width, width) for _ in range(3))
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, tile: torch.Tensor) -> torch.Tensor:
        h = self.stem(tile)
        for layer in self.body:
            h = h + layer(h)
        return self.head(h)


def tiles(n: int, recipe: Recipe) -> TensorDataset:
    size = (n, recipe.tile, recipe.tile)
    return TensorDataset(torch.randn(n, 2, recipe.tile, recipe.tile), torch.randint(recipe.classes, size))


@torch.no_grad()
def pixel_accuracy(net: nn.Module, loader: DataLoader) -> float:
    net.eval()
    right = total = 0
    for tile, ice in loader:
        right += (net(tile).argmax(dim=1) == ice).sum().item()
        total += ice.numel()
    return right / total


def fit(recipe: Recipe) -> nn.Module:
    torch.manual_seed(9)
    train = DataLoader(tiles(4608, recipe), batch_size=recipe.batch_size, shuffle=True)
    valid = DataLoader(tiles(768, recipe), batch_size=recipe.batch_size)
    net = IceNet(recipe.classes)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), **recipe.optimizer_arguments())
    for epoch in range(recipe.epochs):
        net.train()
        for tile, ice in train:
            optimizer.zero_grad()
            loss = criterion(net(tile), ice)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: loss {loss.item():.3f}, accuracy {pixel_accuracy(net, valid):.3f}")
    return net


if __name__ == "__main__":
    torch.save(fit(Recipe()).state_dict(), "sea_ice.pt")
