"""Daily demand per store and article, one week ahead (port of the old estimator model)."""
from collections import OrderedDict

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

HISTORY, AHEAD = 56, 7


class HParams:
    """Defaults of all forecasting models; a model overrides what it needs."""

    units = 64
    keep_prob = 0.6
    lr = 1e-3
    batch_size = 128
    epochs = 20


class FreshFood(HParams):
    units = 96
    keep_prob = 0.9


class Windows(Dataset):
    """All windows of the log sales whose last day lies in [start, stop)."""

    def __init__(self, log_sales, start, stop):
        self.log_sales = log_sales
        days = range(max(start, HISTORY + AHEAD), stop)
        self.keys = [(series, day) for series in range(len(log_sales)) for day in days]

    def __len__(self):
        return len(self.keys)

    def __getitem__(self, i):
        series, day = self.keys[i]
        window = self.log_sales[series, day - HISTORY - AHEAD : day]
        past = torch.from_numpy(window[:HISTORY]).unsqueeze(-1)
        return past, torch.from_numpy(window[HISTORY:])


class DemandNet(nn.Module):
    def __init__(self, hp):
        super().__init__()
        self.reader = nn.GRU(1, hp.units, batch_first=True)
        self.forecast = nn.Sequential(OrderedDict(
            dense=nn.Linear(hp.units, hp.units),
            act=nn.ReLU(),
            drop=nn.Dropout(hp.keep_prob),  # expect: excessive-dropout
            out=nn.Linear(hp.units, AHEAD),
        ))

    def forward(self, past):
        _, last = self.reader(past)
        return self.forecast(last[-1])


def simulate(n_series=60, n_days=500, seed=8):
    rng = np.random.default_rng(seed)
    day = np.arange(n_days)
    base = rng.gamma(3.0, 5.0, (n_series, 1))
    week = 1 + 0.4 * np.sin(2 * np.pi * (day + rng.integers(0, 7, (n_series, 1))) / 7)
    season = 1 + 0.2 * np.sin(2 * np.pi * day / 365)
    return rng.poisson(base * week * season)


def wape(model, loader, mean, std):
    """Weighted absolute percentage error in pieces."""
    model.eval()
    miss = sold = 0.0
    with torch.no_grad():
        for past, future in loader:
            guess = torch.expm1(model(past) * std + mean)
            truth = torch.expm1(future * std + mean)
            miss += (guess - truth).abs().sum().item()
            sold += truth.sum().item()
    return miss / sold


def main(hp=FreshFood):
    torch.manual_seed(8)
    log_sales = np.log1p(simulate()).astype(np.float32)
    mean, std = float(log_sales[:, :400].mean()), float(log_sales[:, :400].std())
    log_sales = (log_sales - mean) / std
    train = DataLoader(Windows(log_sales, 0, 400), hp.batch_size, shuffle=True)
    valid = DataLoader(Windows(log_sales, 400 + AHEAD, 500), 512)

    model = DemandNet(hp)
    optimizer = torch.optim.Adam(model.parameters(), lr=hp.lr)
    criterion = nn.SmoothL1Loss()
    for epoch in range(hp.epochs):
        model.train()
        for past, future in train:
            loss = criterion(model(past), future)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"{epoch:2d}  last loss {loss.item():.4f}  WAPE {wape(model, valid, mean, std):.3f}")


if __name__ == "__main__":
    main()
