from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class FashionNet(nn.Module):
    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, 2 * width, 3, padding=1)
        self.drop = nn.Dropout(0.3)
        self.fc1 = nn.Linear(2 * width * 7 * 7, 64)
        self.fc2 = nn.Linear(64, 10)

    def logits(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(torch.flatten(x, 1)))
        return self.fc2(self.drop(x))

    def forward(self, x: Tensor) -> Tensor:
        return F.log_softmax(self.logits(x), dim=1)


class NoisyFashionNet(FashionNet):
    """Adds a little pixel noise while training."""

    def __init__(self, width: int = 32, noise: float = 0.1) -> None:
        super().__init__(width)
        self.noise = noise

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            x = x + self.noise * torch.randn_like(x)
        return self.logits(x)


VARIANTS: dict[str, type[FashionNet]] = {"plain": FashionNet, "noisy": NoisyFashionNet}


def loaders(root: str = "data") -> tuple[DataLoader, DataLoader]:
    to_input = transforms.Compose(
        [transforms.ToTensor(), transforms.Normalize((0.2860,), (0.3530,))]
    )
    train = datasets.FashionMNIST(root, train=True, download=True, transform=to_input)
    test = datasets.FashionMNIST(root, train=False, download=True, transform=to_input)
    return (
        DataLoader(train, batch_size=100, shuffle=True, num_workers=2),
        DataLoader(test, batch_size=500),
    )


def train_epoch(model: FashionNet, loader: DataLoader, optimizer: torch.optim.Optimizer) -> float:
    model.train()
    total = 0.0
    for images, labels in loader:
        optimizer.zero_grad()
        log_probs = model(images)
        loss = F.nll_loss(log_probs, labels)  # expect: nll-without-log-softmax
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


@torch.no_grad()
def accuracy(model: FashionNet, loader: DataLoader) -> float:
    model.eval()
    hits = 0
    for images, labels in loader:
        hits += int((model(images).argmax(dim=1) == labels).sum())
    return hits / 10_000


def main(variant: str = "noisy", epochs: int = 5) -> None:
    torch.manual_seed(0)
    train_loader, test_loader = loaders()
    model = VARIANTS[variant]()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for epoch in range(epochs):
        loss = train_epoch(model, train_loader, optimizer)
        print(f"{variant} epoch {epoch}: loss {loss:.4f}")
    print(f"test accuracy {accuracy(model, test_loader):.4f}")


if __name__ == "__main__":
    main()
