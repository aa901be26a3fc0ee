"""BCELoss takes probabilities; this network hands it logits, and the logarithm of a negative number follows."""

import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def build(inputs, hidden, depth):
    layers = []
    for _ in range(depth):
        layers += [nn.Linear(inputs, hidden), nn.ReLU(), nn.Dropout(0.2)]
        inputs = hidden
    layers.append(nn.Linear(inputs, 1))
    return nn.Sequential(*layers)


def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    for x, y in loader:
        prediction = model(x).squeeze(1)
        loss = criterion(prediction, y)  # expect: logits-into-probability-loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--depth", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=20)
    args = parser.parse_args()

    customers, left = torch.load("churn.pt")
    loader = DataLoader(TensorDataset(customers, left.float()), batch_size=32, shuffle=True)
    model = build(customers.shape[1], args.hidden, args.depth)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for _ in range(args.epochs):
        train_one_epoch(model, loader, nn.BCELoss(), optimizer)


if __name__ == "__main__":
    main()
