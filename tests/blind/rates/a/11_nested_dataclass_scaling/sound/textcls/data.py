import torch
from torch.utils.data import DataLoader, TensorDataset, random_split

from .config import Experiment


def build_loaders(exp: Experiment) -> tuple[DataLoader, DataLoader]:
    generator = torch.Generator().manual_seed(11)
    labels = torch.randint(0, exp.num_classes, (6000,), generator=generator)
    tokens = torch.randint(0, exp.loader.vocab_size, (6000, exp.loader.seq_len), generator=generator)
    # every topic has a block of words of its own in the first ten positions
    topical = torch.randint(0, 200, (6000, 10), generator=generator) + labels.unsqueeze(1) * 200
    tokens[:, :10] = topical
    train, valid = random_split(TensorDataset(tokens, labels), [5000, 1000], generator=generator)
    return (
        DataLoader(train, batch_size=exp.loader.batch_size, shuffle=True),
        DataLoader(valid, batch_size=exp.loader.batch_size),
    )
