from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch.utils.data import DataLoader, TensorDataset


def window(values: np.ndarray, past: int) -> TensorDataset:
    frames = np.lib.stride_tricks.sliding_window_view(values, past + 1).copy()
    return TensorDataset(torch.from_numpy(frames[:, :-1]).unsqueeze(1), torch.from_numpy(frames[:, -1:]))


def read(csv: Path, column: str, past: int = 48) -> tuple[DataLoader, DataLoader]:
    values = pd.read_csv(csv)[column].dropna().to_numpy(dtype=np.float32)
    cut = int(0.8 * len(values))
    mean, std = values[:cut].mean(), values[:cut].std() + 1e-6
    values = (values - mean) / std
    train, valid = window(values[:cut], past), window(values[cut:], past)
    return DataLoader(train, batch_size=128, shuffle=True), DataLoader(valid, batch_size=128)
