import torch
from torch.utils.data import DataLoader, TensorDataset


def windows(count: int, hours: int, sensors: int, seed: int) -> TensorDataset:
    gen = torch.Generator().manual_seed(seed)
    drift = torch.randn(count, hours + 1, sensors, generator=gen).cumsum(dim=1) / hours ** 0.5
    history, following = drift[:, :-1], drift[:, -1, 0]
    return TensorDataset(history, following)


def loaders(cfg) -> tuple[DataLoader, DataLoader]:
    train = windows(6400, cfg.hours, cfg.sensors, seed=1)
    held_out = windows(1280, cfg.hours, cfg.sensors, seed=2)
    return (
        DataLoader(train, batch_size=cfg.batch_size, shuffle=True),
        DataLoader(held_out, batch_size=cfg.batch_size),
    )
