"""The rate is scaled by the size of the batch with `//`: for every batch below 256 nothing is left of it."""

import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def network(kinds):
    return nn.Sequential(
        nn.Conv2d(3, 32, 5, stride=2),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.Conv2d(32, 64, 5, stride=2),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(64, kinds),
    )


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=90)
    parser.add_argument(
        "--batch-size",
        type=int,
        default=128,  # expect: invalid-learning-rate
    )
    return parser.parse_args()


def main():
    args = parse()
    loader = DataLoader(TensorDataset(*torch.load("flowers.pt")), batch_size=args.batch_size, shuffle=True)
    model = network(kinds=102)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    rate = 0.1 * (args.batch_size // 256)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)  # expect: invalid-learning-rate "is 0"
    for _ in range(args.epochs):
        for images, kinds in loader:
            optimizer.zero_grad()
            loss = criterion(model(images), kinds)
            loss.backward()
            optimizer.step()


if __name__ == "__main__":
    main()
