"""Wide residual network for CIFAR-100 with the transforms of torchvision v2."""
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR100
from torchvision.transforms import v2

MEAN = [129.3, 124.1, 112.4]
STD = [68.2, 65.4, 70.4]
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def pipeline(train):
    augment = [v2.RandomCrop(32, padding=4), v2.RandomHorizontalFlip()] if train else []
    return v2.Compose(
        [
            v2.ToImage(),
            *augment,
            v2.ToDtype(torch.float32),
            v2.Normalize(mean=MEAN, std=STD),
        ]
    )


class Block(nn.Module):
    def __init__(self, before, after, stride):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(before)
        self.conv1 = nn.Conv2d(before, after, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.skip = nn.Conv2d(before, after, 1, stride, bias=False)

    def forward(self, x):
        x = F.relu(self.norm1(x))
        y = self.conv1(x)
        y = self.conv2(F.relu(self.norm2(y)))
        return y + self.skip(x)


class WideNet(nn.Module):
    def __init__(self, classes=100, widths=(64, 128, 256)):
        super().__init__()
        self.stem = nn.Conv2d(3, 32, 3, padding=1, bias=False)
        sizes = (32, *widths)
        self.blocks = nn.ModuleList(Block(a, b, 1 if i == 0 else 2) for i, (a, b) in enumerate(zip(sizes, widths)))
        self.norm = nn.BatchNorm2d(widths[-1])
        self.head = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        x = F.relu(self.norm(x)).mean(dim=(2, 3))
        return self.head(x)


def run_epoch(model, loader, optimizer=None):
    training = optimizer is not None
    model.train(training)
    total = hits = 0
    with torch.set_grad_enabled(training):
        for images, labels in loader:
            images, labels = images.to(DEVICE), labels.to(DEVICE)
            logits = model(images)
            loss = F.cross_entropy(logits, labels)
            if training:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total += loss.item() * len(labels)
            hits += (logits.argmax(dim=1) == labels).sum().item()
    return total / len(loader.dataset), hits / len(loader.dataset)


def main(epochs=60):
    torch.manual_seed(100)
    train = DataLoader(CIFAR100("data", train=True, transform=pipeline(True), download=True), 128, shuffle=True)
    test = DataLoader(CIFAR100("data", train=False, transform=pipeline(False), download=True), 256)
    model = WideNet().to(DEVICE)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True, weight_decay=5e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    for epoch in range(epochs):
        train_loss, _ = run_epoch(model, train, optimizer)
        test_loss, accuracy = run_epoch(model, test)
        schedule.step()
        print(f"{epoch:3d}  {train_loss:.3f}  {test_loss:.3f}  {accuracy:.3f}")


if __name__ == "__main__":
    main()
