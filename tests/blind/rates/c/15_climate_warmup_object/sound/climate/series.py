import torch
from torch.utils.data import DataLoader, TensorDataset


def windows(n, length=24, variables=6):
    x = torch.randn(n, length, variables)
    y = 0.6 * x[:, -1, :1] + 0.1 * torch.randn(n, 1)
    return TensorDataset(x, y)


def make_loaders(batch_size=64):
    train = DataLoader(windows(2048), batch_size=batch_size, shuffle=True)
    valid = DataLoader(windows(512), batch_size=batch_size)
    return train, valid
