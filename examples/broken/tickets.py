"""Five million weights read the same few tickets fifty times, and nothing keeps them from learning these by heart."""

import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Router(nn.Module):
    def __init__(self, words, width, teams):
        super().__init__()
        self.first = nn.Linear(words, width)  # expect: missing-dropout
        self.second = nn.Linear(width, width)
        self.team = nn.Linear(width, teams)

    def forward(self, counts):
        return self.team(torch.relu(self.second(torch.relu(self.first(counts)))))


def train_epoch(model, loader, criterion, optimizer):
    total = 0.0
    for counts, team in loader:
        optimizer.zero_grad()
        loss = criterion(model(counts), team)
        loss.backward()  # expect: missing-dropout "50 epochs"
        optimizer.step()
        total += loss.item()
    return total / len(loader)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=50)  # expect: missing-dropout
    parser.add_argument("--width", type=int, default=512)
    args = parser.parse_args()

    loader = DataLoader(TensorDataset(*torch.load("tickets.pt")), batch_size=32, shuffle=True)
    model = Router(10_000, args.width, teams=12)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(args.epochs):
        print(epoch, train_epoch(model, loader, nn.CrossEntropyLoss(), optimizer))


if __name__ == "__main__":
    main()
