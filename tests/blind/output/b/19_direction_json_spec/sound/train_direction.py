"""Direction of the next move (down, flat, up) of a series; everything is set in config.json."""
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

HERE = Path(__file__).resolve().parent


def instantiate(namespace, spec, *args):
    kwargs = {key: value for key, value in spec.items() if key != "type"}
    return getattr(namespace, spec["type"])(*args, **kwargs)


def build_model(cfg):
    return nn.Sequential(*[instantiate(nn, spec) for spec in cfg["layers"]])


def build_loss(cfg):
    spec = dict(cfg["loss"])
    weight = torch.tensor(spec.pop("weight"))
    return getattr(nn, spec.pop("type"))(weight=weight, **spec)


def make_returns(n=8000, seed=4):
    rng = np.random.default_rng(seed)
    noise = rng.normal(0.0, 1.0, n)
    returns = np.zeros(n)
    for t in range(2, n):
        returns[t] = 0.5 * returns[t - 1] - 0.3 * returns[t - 2] + noise[t]
    return returns.astype(np.float32)


def make_dataset(returns, window, mean, std, band=0.4):
    scaled = (returns - mean) / std
    views = np.lib.stride_tricks.sliding_window_view(scaled, window + 1)
    x, move = views[:, :-1].copy(), views[:, -1]
    label = np.where(move < -band, 0, np.where(move > band, 2, 1)).astype(np.int64)
    return TensorDataset(torch.from_numpy(x), torch.from_numpy(label))


def accuracy(model, loader):
    model.eval()
    hits = 0
    with torch.no_grad():
        for x, label in loader:
            hits += (model(x).argmax(dim=1) == label).sum().item()
    return hits / len(loader.dataset)


def main():
    cfg = json.loads((HERE / "config.json").read_text())
    torch.manual_seed(4)
    returns = make_returns()
    past, recent = returns[:6400], returns[6400:]
    mean, std = past.mean(), past.std()
    train_loader = DataLoader(
        make_dataset(past, cfg["window"], mean, std), batch_size=cfg["batch_size"], shuffle=True
    )
    test_loader = DataLoader(make_dataset(recent, cfg["window"], mean, std), batch_size=400)

    model = build_model(cfg)
    criterion = build_loss(cfg)
    optimizer = instantiate(torch.optim, cfg["optimizer"], model.parameters())

    for epoch in range(cfg["epochs"]):
        model.train()
        for x, label in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), label)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: test accuracy {accuracy(model, test_loader):.3f}")


if __name__ == "__main__":
    main()
