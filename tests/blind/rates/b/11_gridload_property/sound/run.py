from __future__ import annotations

import torch
from torch import nn

from gridload import Experiment, LoadForecaster, make_loaders


def main() -> None:
    exp = Experiment()
    torch.manual_seed(exp.seed)
    train_loader, valid_loader = make_loaders(exp)
    net = LoadForecaster(exp.model)
    criterion = nn.SmoothL1Loss()
    optimizer = torch.optim.Adam(net.parameters(), lr=exp.optim.lr, weight_decay=1e-5)

    for epoch in range(exp.optim.epochs):
        net.train()
        for history, target in train_loader:
            optimizer.zero_grad()
            loss = criterion(net(history), target)
            loss.backward()
            optimizer.step()

        net.eval()
        total, seen = 0.0, 0
        with torch.no_grad():
            for history, target in valid_loader:
                total += criterion(net(history), target).item() * len(target)
                seen += len(target)
        print(f"epoch {epoch:02d} valid {total / seen:.4f}")


if __name__ == "__main__":
    main()
