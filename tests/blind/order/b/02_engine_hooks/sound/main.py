"""Predict the compressive strength of a mixture from its eight ingredients."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from noisy import NoisyEngine


def make_tables(n=3000, features=8):
    g = torch.Generator().manual_seed(3)
    x = torch.rand(n, features, generator=g) * 400
    y = (x[:, :1] * 0.2 - x[:, 1:2] * 0.1 + 0.0004 * x[:, 2:3] * x[:, 3:4]) + torch.randn(n, 1, generator=g)
    return x, y


def main():
    torch.manual_seed(0)
    x, y = make_tables()
    cut = int(0.8 * len(x))
    x_mean, x_std = x[:cut].mean(0), x[:cut].std(0)
    y_mean, y_std = y[:cut].mean(0), y[:cut].std(0)
    x, y = (x - x_mean) / x_std, (y - y_mean) / y_std

    train = DataLoader(TensorDataset(x[:cut], y[:cut]), batch_size=64, shuffle=True)
    valid = DataLoader(TensorDataset(x[cut:], y[cut:]), batch_size=256)

    model = nn.Sequential(nn.Linear(8, 64), nn.SiLU(), nn.Dropout(0.1), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-2)
    engine = NoisyEngine(model, optimizer, nn.MSELoss(), sigma=0.02)
    engine.fit(train, valid, epochs=30)
    print("best", min(v for _, v in engine.history))


if __name__ == "__main__":
    main()
