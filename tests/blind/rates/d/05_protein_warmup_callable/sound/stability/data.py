import pandas as pd
import torch
from torch.utils.data import DataLoader, TensorDataset

AMINO = "ACDEFGHIKLMNPQRSTVWY"
INDEX = {a: i + 1 for i, a in enumerate(AMINO)}
LENGTH = 96


def encode(seq):
    ids = [INDEX.get(a, 0) for a in seq[:LENGTH]]
    return ids + [0] * (LENGTH - len(ids))


def loaders(folder, batch_size=64):
    frames = {part: pd.read_csv(f"{folder}/{part}.csv") for part in ("train", "valid")}
    mean, std = frames["train"]["delta_g"].mean(), frames["train"]["delta_g"].std()
    result = []
    for part, frame in frames.items():
        x = torch.tensor([encode(s) for s in frame["sequence"]])
        y = torch.tensor(((frame["delta_g"] - mean) / std).to_numpy(), dtype=torch.float32)
        result.append(DataLoader(TensorDataset(x, y), batch_size, shuffle=part == "train"))
    return result
