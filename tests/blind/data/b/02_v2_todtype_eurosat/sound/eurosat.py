"""Land use from Sentinel-2 RGB tiles (EuroSAT): a small convolutional network from scratch."""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader, Dataset, Subset
from torchvision import datasets
from torchvision.transforms import v2

ROOT = "data/eurosat"
BATCH = 64
EPOCHS = 25


def build_transform(train: bool) -> v2.Compose:
    steps: list[nn.Module] = [v2.PILToTensor()]
    if train:
        steps += [v2.RandomHorizontalFlip(), v2.RandomVerticalFlip()]
    steps.append(v2.ToDtype(torch.float32))
    steps.append(v2.Normalize(mean=[87.8, 97.0, 104.0], std=[51.9, 34.8, 29.3]))
    return v2.Compose(steps)


def build_splits(seed: int = 11) -> tuple[Dataset, Dataset, Dataset]:
    augmented = datasets.EuroSAT(ROOT, transform=build_transform(train=True), download=True)
    plain = datasets.EuroSAT(ROOT, transform=build_transform(train=False), download=True)
    order = torch.randperm(len(plain), generator=torch.Generator().manual_seed(seed)).tolist()
    return (
        Subset(augmented, order[:20_000]),
        Subset(plain, order[20_000:23_500]),
        Subset(plain, order[23_500:]),
    )


class TileNet(nn.Module):
    def __init__(self, classes: int = 10) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(64, 128, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.AdaptiveAvgPool2d(1),
        )
        self.drop = nn.Dropout(0.3)
        self.classifier = nn.Linear(128, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.drop(self.features(x).flatten(1)))


def run_epoch(
    model: nn.Module, loader: DataLoader, device: torch.device, optimizer: Optimizer | None = None
) -> tuple[float, float]:
    training = optimizer is not None
    model.train(training)
    total, hits, seen = 0.0, 0, 0
    with torch.set_grad_enabled(training):
        for images, labels in loader:
            images, labels = images.to(device), labels.to(device)
            logits = model(images)
            loss = F.cross_entropy(logits, labels)
            if optimizer is not None:
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
            total += loss.item() * len(labels)
            hits += (logits.argmax(1) == labels).sum().item()
            seen += len(labels)
    return total / seen, hits / seen


def main() -> None:
    torch.manual_seed(0)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train_set, val_set, test_set = build_splits()
    train_loader = DataLoader(train_set, BATCH, shuffle=True, num_workers=4)
    val_loader = DataLoader(val_set, BATCH, num_workers=2)
    model = TileNet().to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for epoch in range(1, EPOCHS + 1):
        train_loss, train_acc = run_epoch(model, train_loader, device, optimizer)
        val_loss, val_acc = run_epoch(model, val_loader, device)
        print(f"{epoch:02d}  {train_loss:.3f} {train_acc:.3f}  |  {val_loss:.3f} {val_acc:.3f}")
    print("test", run_epoch(model, DataLoader(test_set, BATCH), device))


if __name__ == "__main__":
    main()
