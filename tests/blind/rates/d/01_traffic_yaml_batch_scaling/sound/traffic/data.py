import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset


def synthetic_speeds(steps, sensors, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(steps)[:, None]
    phase = rng.uniform(0, 2 * np.pi, size=(1, sensors))
    daily = 12.0 * np.sin(2 * np.pi * t / 288 + phase)
    return (58.0 + daily + rng.normal(0, 3, size=(steps, sensors))).astype("float32")


def windows(series, history, horizon):
    last = len(series) - history - horizon
    x = np.stack([series[i:i + history] for i in range(last)])
    y = np.stack([series[i + history:i + history + horizon] for i in range(last)])
    return TensorDataset(torch.from_numpy(x), torch.from_numpy(y))


def make_loaders(cfg):
    series = synthetic_speeds(8640, cfg.sensors)
    cut = int(0.8 * len(series))
    mean, std = series[:cut].mean(), series[:cut].std()
    scaled = (series - mean) / std
    train = windows(scaled[:cut], cfg.history, cfg.horizon)
    val = windows(scaled[cut:], cfg.history, cfg.horizon)
    return (DataLoader(train, batch_size=cfg.batch_size, shuffle=True),
            DataLoader(val, batch_size=cfg.batch_size))
