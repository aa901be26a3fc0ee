"""Forecast next week's log volatility from a window of daily features (GRU + attention read-out)."""
from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset


class Split(NamedTuple):
    x: Tensor
    y: Tensor


def simulate_returns(days: int, seed: int) -> np.ndarray:
    """GARCH(1,1) returns in per cent."""
    rng = np.random.default_rng(seed)
    returns = np.zeros(days)
    variance = 1.0
    for day in range(1, days):
        variance = 0.05 + 0.1 * returns[day - 1] ** 2 + 0.85 * variance
        returns[day] = np.sqrt(variance) * rng.standard_normal()
    return returns


def windows(returns: np.ndarray, length: int = 40, ahead: int = 5) -> tuple[np.ndarray, np.ndarray]:
    features = np.stack([returns, np.abs(returns), returns**2], axis=1)
    starts = range(len(returns) - length - ahead)
    x = np.stack([features[s : s + length] for s in starts])
    future = np.stack([returns[s + length : s + length + ahead] for s in starts])
    y = np.log(future.std(axis=1) + 1e-3)
    return x.astype(np.float32), y.astype(np.float32)


def prepare(days: int = 3000, share: float = 0.8) -> tuple[Split, Split]:
    x, y = windows(simulate_returns(days, seed=17))
    cut = int(share * len(x))
    known = cut - 45  # so that no window of the past reaches into the future
    mean, std = x[:known].mean(axis=(0, 1)), x[:known].std(axis=(0, 1))
    x = (x - mean) / std
    past = Split(torch.from_numpy(x[:known]), torch.from_numpy(y[:known]))
    future = Split(torch.from_numpy(x[cut:]), torch.from_numpy(y[cut:]))
    return past, future


class VolatilityNet(nn.Module):
    def __init__(self, n_features: int = 3, hidden: int = 48) -> None:
        super().__init__()
        self.encoder = nn.GRU(n_features, hidden, batch_first=True)
        self.relevance = nn.Linear(hidden, 1)
        self.dropout = nn.Dropout(0.1)
        self.forecast = nn.Linear(hidden, 1)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.encoder(x)
        weights = torch.softmax(self.relevance(states), dim=-1)  # expect: softmax-over-one-unit
        context = (weights * states).sum(dim=1)
        return self.forecast(self.dropout(context)).squeeze(-1)


def main() -> None:
    torch.manual_seed(17)
    past, future = prepare()
    train_loader = DataLoader(TensorDataset(*past), batch_size=64, shuffle=True)
    val_loader = DataLoader(TensorDataset(*future), batch_size=256)

    model = VolatilityNet()
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-5)

    for epoch in range(20):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad(set_to_none=True)
            loss = criterion(model(x), y)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()

        model.eval()
        squared = 0.0
        with torch.inference_mode():
            for x, y in val_loader:
                squared += criterion(model(x), y).item() * len(y)
        print(f"epoch {epoch:2d}  rmse {np.sqrt(squared / len(future.y)):.4f}")


if __name__ == "__main__":
    main()
