"""Three years of hourly district-heating load, as windows."""
import numpy as np
import torch
from torch.utils.data import TensorDataset


def hourly_table(years=3, seed=5):
    rng = np.random.default_rng(seed)
    t = np.arange(years * 365 * 24)
    season = np.cos(2 * np.pi * t / (365 * 24))
    temperature = 9.0 - 11.0 * season + 4.0 * np.sin(2 * np.pi * t / 24) + rng.normal(0, 2.0, t.size)
    weekend = ((t // 24) % 7 >= 5).astype(float)
    load = 40.0 + 2.5 * np.maximum(18.0 - temperature, 0) - 6.0 * weekend + rng.normal(0, 3.0, t.size)
    return np.stack([load, temperature, weekend], axis=1)


def windows(table, settings):
    span = settings.history + settings.horizon
    starts = range(0, len(table) - span, 6)
    past = np.stack([table[s:s + settings.history] for s in starts])
    ahead = np.stack([table[s + settings.history:s + span, 0] for s in starts])
    return TensorDataset(torch.from_numpy(past).float(), torch.from_numpy(ahead).float())


def load_sets(settings):
    table = hourly_table()
    cut = int(len(table) * 0.8)
    centre, scale = table[:cut].mean(axis=0), table[:cut].std(axis=0)
    table = (table - centre) / scale
    return windows(table[:cut], settings), windows(table[cut:], settings)
