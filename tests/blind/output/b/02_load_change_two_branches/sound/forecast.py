"""Forecast the change of the electric load over the next six hours.

No classes: parameters live in a dict and the network is a function of it.
"""
import math

import torch
import torch.nn.functional as F

WINDOW, HORIZON, RECENT = 48, 6, 12


def make_series(n=4000):
    t = torch.arange(n, dtype=torch.float32)
    daily = torch.sin(2 * math.pi * t / 24)
    weekly = 0.5 * torch.cos(2 * math.pi * t / 168)
    return daily + weekly + 0.1 * torch.randn(n)


def make_windows(series):
    blocks = series.unfold(0, WINDOW + HORIZON, 1)
    past, future = blocks[:, :WINDOW], blocks[:, WINDOW:]
    change = future - past[:, -1:]
    return past, change


def init_dense(n_in, n_out):
    weight = torch.randn(n_in, n_out) * math.sqrt(2.0 / n_in)
    return weight.requires_grad_(), torch.zeros(n_out, requires_grad=True)


def init_params():
    sizes = {
        "day_in": (WINDOW, 64),
        "day_out": (64, HORIZON),
        "recent_in": (RECENT, 32),
        "recent_out": (32, HORIZON),
    }
    params = {}
    for name, (n_in, n_out) in sizes.items():
        params[name + ".w"], params[name + ".b"] = init_dense(n_in, n_out)
    return params


def dense(params, name, x):
    return F.relu(torch.addmm(params[name + ".b"], x, params[name + ".w"]))


def branch(params, name, x):
    return dense(params, name + "_out", dense(params, name + "_in", x))


def predict(params, past):
    day = branch(params, "day", past)
    recent = branch(params, "recent", past[:, -RECENT:])
    return day - recent


def loss_fn(params, past, change):
    return F.huber_loss(predict(params, past), change, delta=0.5)


def batches(n, size):
    for index in torch.randperm(n).split(size):
        yield index


def fit(params, train, valid, epochs=15, size=64):
    optimizer = torch.optim.Adam(list(params.values()), lr=1e-3, weight_decay=1e-5)
    for epoch in range(epochs):
        running = 0.0
        for index in batches(len(train[0]), size):
            loss = loss_fn(params, train[0][index], train[1][index])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            running += loss.item() * len(index)
        with torch.no_grad():
            held_out = loss_fn(params, *valid).item()
        print(f"epoch {epoch}: train {running / len(train[0]):.4f} valid {held_out:.4f}")
    return params


def main():
    torch.manual_seed(0)
    series = make_series()
    cut = 3200
    mean, std = series[:cut].mean(), series[:cut].std()
    series = (series - mean) / std
    fit(init_params(), make_windows(series[:cut]), make_windows(series[cut:]))


if __name__ == "__main__":
    main()
