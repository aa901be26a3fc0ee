import torch
from torch.utils.data import DataLoader, TensorDataset

VOCABULARY, LENGTH, TOPICS = 800, 40, 4


def documents(n, seed):
    g = torch.Generator().manual_seed(seed)
    topic = torch.randint(TOPICS, (n,), generator=g)
    common = torch.randint(1, VOCABULARY, (n, LENGTH), generator=g)
    special = 1 + topic[:, None] * 50 + torch.randint(50, (n, LENGTH), generator=g)
    use_special = torch.rand(n, LENGTH, generator=g) < 0.15
    return torch.where(use_special, special, common), topic


def loaders(batch_size=40):
    train = DataLoader(TensorDataset(*documents(8000, 1)), batch_size=batch_size, shuffle=True)
    val = DataLoader(TensorDataset(*documents(1000, 2)), batch_size=100)
    return train, val
