from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset


class TokenWindows(Dataset):
    def __init__(self, path: Path, length: int) -> None:
        self.tokens = torch.from_numpy(np.load(path).astype(np.int64))
        self.length = length

    def __len__(self) -> int:
        return (len(self.tokens) - 1) // self.length

    def __getitem__(self, i: int) -> tuple[torch.Tensor, torch.Tensor]:
        piece = self.tokens[i * self.length : (i + 1) * self.length + 1]
        return piece[:-1], piece[1:]


def loaders(folder: Path, length: int, batch_size: int) -> tuple[DataLoader, DataLoader]:
    train = TokenWindows(folder / "train.npy", length)
    valid = TokenWindows(folder / "valid.npy", length)
    return DataLoader(train, batch_size=batch_size, shuffle=True), DataLoader(valid, batch_size=batch_size)
