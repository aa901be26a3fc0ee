import torch
from torch.utils.data import DataLoader, TensorDataset


def make_loaders(n=640, n_train=512, batch_size=32, seed=3):
    g = torch.Generator().manual_seed(seed)
    images = torch.randn(n, 1, 64, 64, generator=g)
    sex = torch.randint(0, 2, (n,), generator=g).float()
    months = 127.0 + 41.0 * torch.randn(n, generator=g)

    mean, std = months[:n_train].mean(), months[:n_train].std()
    z = (months - mean) / std

    train = TensorDataset(images[:n_train], sex[:n_train], z[:n_train])
    valid = TensorDataset(images[n_train:], sex[n_train:], z[n_train:])
    return (
        DataLoader(train, batch_size=batch_size, shuffle=True),
        DataLoader(valid, batch_size=batch_size),
        std.item(),
    )
