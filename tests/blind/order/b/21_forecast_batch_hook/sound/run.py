import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from jitter import Forecaster, JitterLoop


def windows(series, width=48, horizon=6):
    cut = series.unfold(0, width + horizon, 1)
    return TensorDataset(cut[:, :width].clone(), cut[:, width:].clone())


def main():
    torch.manual_seed(3)
    t = torch.arange(6000, dtype=torch.float32)
    load = torch.sin(2 * math.pi * t / 24) + 0.3 * torch.sin(2 * math.pi * t / 168) + 0.1 * torch.randn(6000)
    past, recent = load[:5000], load[5000:]
    mean, std = past.mean(), past.std()
    train = DataLoader(windows((past - mean) / std), batch_size=64, shuffle=True)
    valid = DataLoader(windows((recent - mean) / std), batch_size=256)

    model = Forecaster()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loop = JitterLoop(model, optimizer, nn.MSELoss(), peak=0.05)
    loop.fit(train, valid, epochs=15)


if __name__ == "__main__":
    main()
