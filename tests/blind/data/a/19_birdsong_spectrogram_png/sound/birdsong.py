"""Bird species from spectrograms that were stored as greyscale PNG pictures."""
import argparse
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2

SPECIES = 12

look = v2.Compose([
    v2.Grayscale(),
    v2.Resize((96, 192)),
    v2.ToImage(),
    v2.ToDtype(torch.float32),
])


def convolution(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))


def make_net():
    return nn.Sequential(OrderedDict(
        low=convolution(1, 16),
        mid=convolution(16, 32),
        high=convolution(32, 64),
        pool=nn.AdaptiveAvgPool2d((1, 4)),
        flat=nn.Flatten(),
        drop=nn.Dropout(0.4),
        species=nn.Linear(256, SPECIES),
    ))


def batches(loader, device):
    for pictures, species in loader:
        pictures = pictures.to(device, non_blocking=True)
        yield pictures / 255.0, species.to(device, non_blocking=True)


def evaluate(net, loader, device):
    net.eval()
    hits = 0
    with torch.no_grad():
        for pictures, species in batches(loader, device):
            hits += int((net(pictures).argmax(1) == species).sum())
    return hits / len(loader.dataset)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="spectrograms")
    parser.add_argument("--epochs", type=int, default=30)
    args = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"

    train = ImageFolder(f"{args.data}/train", transform=look)
    valid = ImageFolder(f"{args.data}/valid", transform=look)
    train_loader = DataLoader(train, batch_size=32, shuffle=True, num_workers=4, pin_memory=True)
    valid_loader = DataLoader(valid, batch_size=64, num_workers=4, pin_memory=True)

    net = make_net().to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=args.epochs)
    for epoch in range(args.epochs):
        net.train()
        for pictures, species in batches(train_loader, device):
            loss = F.cross_entropy(net(pictures), species)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        schedule.step()
        print(f"{epoch}: accuracy {evaluate(net, valid_loader, device):.3f}")
    torch.save(net.state_dict(), "birdsong.pt")


if __name__ == "__main__":
    main()
