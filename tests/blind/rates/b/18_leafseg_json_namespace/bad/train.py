import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader

import hyper
from leaves import LeafTiles

hp = hyper.load()


class SegNet(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, padding=1)
        self.norm1 = nn.GroupNorm(4, width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=2, dilation=2)
        self.norm2 = nn.GroupNorm(4, width)
        self.classify = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        x = F.relu(self.norm1(self.conv1(x)))
        x = F.relu(self.norm2(self.conv2(x)))
        return self.classify(x)


def pixel_accuracy(net, loader):
    net.eval()
    right = total = 0
    with torch.no_grad():
        for tiles, labels in loader:
            guess = net(tiles).argmax(dim=1)
            right += (guess == labels).sum().item()
            total += labels.numel()
    return right / total


def main():
    train = DataLoader(LeafTiles(1024, hp.classes), batch_size=hp.batch_size, shuffle=True)
    valid = DataLoader(LeafTiles(128, hp.classes, seed=1), batch_size=hp.batch_size)
    net = SegNet(hp.width, hp.classes)
    optimizer = torch.optim.AdamW(net.parameters(), lr=hp.lr, weight_decay=0.01)  # expect: invalid-learning-rate
    for epoch in range(hp.epochs):
        net.train()
        for tiles, labels in train:
            optimizer.zero_grad()
            loss = F.cross_entropy(net(tiles), labels)
            loss.backward()
            optimizer.step()
        print("epoch", epoch, "pixel accuracy", pixel_accuracy(net, valid))


if __name__ == "__main__":
    main()
