"""How much accuracy of a small texture classifier survives a perturbation of the input."""
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset


class Report(NamedTuple):
    clean: float
    perturbed: float


def textures(n: int, classes: int = 4) -> TensorDataset:
    label = torch.randint(classes, (n,))
    axis = torch.arange(28.0)
    angle = label.float() * torch.pi / classes
    phase = torch.rand(n) * 2 * torch.pi
    grid = (torch.cos(angle)[:, None, None] * axis[None, :, None]
            + torch.sin(angle)[:, None, None] * axis[None, None, :])
    image = torch.sin(0.9 * grid + phase[:, None, None]) + 0.5 * torch.randn(n, 28, 28)
    return TensorDataset(image.unsqueeze(1), label)


def network(classes: int = 4) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.4), nn.Linear(32 * 7 * 7, classes),
    )


def hits(logits: Tensor, label: Tensor) -> int:
    return int((logits.argmax(dim=1) == label).sum())


@torch.no_grad()
def clean_accuracy(net: nn.Module, loader: DataLoader) -> float:
    net.eval()
    return sum(hits(net(x), y) for x, y in loader) / len(loader.dataset)


def perturbed_accuracy(net: nn.Module, loader: DataLoader, eps: float) -> float:
    net.eval()
    right = 0
    for x, y in loader:
        probe = x.clone().requires_grad_(True)
        (slope,) = torch.autograd.grad(F.cross_entropy(net(probe), y), probe)
        moved = x + eps * slope.sign()
        with torch.no_grad():
            right += hits(net(moved), y)
    return right / len(loader.dataset)


def train_one_epoch(net: nn.Module, loader: DataLoader, optimizer: torch.optim.Optimizer) -> float:
    net.train()
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
    return total / len(loader.dataset)


def main() -> None:
    torch.manual_seed(21)
    train = DataLoader(textures(4000), batch_size=50, shuffle=True)
    test = DataLoader(textures(800), batch_size=200)
    net = network()
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
    for epoch in range(10):
        loss = train_one_epoch(net, train, optimizer)
        report = Report(clean_accuracy(net, test), perturbed_accuracy(net, test, eps=0.25))
        print(f"{epoch} loss {loss:.4f} clean {report.clean:.3f} perturbed {report.perturbed:.3f}")


if __name__ == "__main__":
    main()
