"""Half of the prices lie below the mean, and the network cannot say so."""

import torch
from models import PriceNet
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def main():
    features, prices = torch.load("houses.pt")
    prices = (prices - prices.mean()) / prices.std()
    loader = DataLoader(TensorDataset(features, prices), batch_size=64, shuffle=True)

    model = PriceNet(features=13)
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    for epoch in range(40):
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)  # expect: relu-before-regression
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch}: {total / len(loader):.4f}")


if __name__ == "__main__":
    main()
