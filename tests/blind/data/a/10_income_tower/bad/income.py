"""Census income: embeddings for the categories, a tower of dense layers on top."""
from itertools import chain, pairwise

import numpy as np
import pandas as pd
import torch
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

NUMERIC = ["age", "education_num", "capital_gain", "capital_loss", "hours_per_week"]
CATEGORIES = {"workclass": 9, "marital_status": 7, "occupation": 15, "relationship": 6}
EMBED = 6

SETTINGS = {
    "widths": (128, 64, 32),
    "keep": (0.8, 0.8, 0.85),
    "epochs": 30,
    "lr": 1e-3,
}


class Tower(nn.Sequential):
    def __init__(self, n_in, widths, keep):
        steps = zip(pairwise((n_in, *widths)), keep)
        super().__init__(
            *chain.from_iterable(self.step(fan_in, fan_out, k) for (fan_in, fan_out), k in steps),
            nn.Linear(widths[-1], 1),
        )

    @staticmethod
    def step(fan_in, fan_out, k):
        yield nn.Linear(fan_in, fan_out)
        yield nn.ReLU()
        yield nn.Dropout(k)  # expect: excessive-dropout


class IncomeNet(nn.Module):
    def __init__(self, widths, keep):
        super().__init__()
        self.embed = nn.ModuleList(nn.Embedding(size, EMBED) for size in CATEGORIES.values())
        self.tower = Tower(len(NUMERIC) + EMBED * len(CATEGORIES), widths, keep)

    def forward(self, numbers, codes):
        parts = [table(codes[:, i]) for i, table in enumerate(self.embed)]
        return self.tower(torch.cat([numbers, *parts], dim=1)).squeeze(1)


def load(path="adult.csv"):
    frame = pd.read_csv(path, skipinitialspace=True).dropna(subset=NUMERIC + ["income"])
    codes = pd.DataFrame({c: frame[c].fillna("?").astype("category").cat.codes for c in CATEGORIES})
    label = (frame["income"] == ">50K").to_numpy()
    rows_train, rows_test = train_test_split(np.arange(len(frame)), test_size=0.2, stratify=label, random_state=0)
    scaler = StandardScaler().fit(frame[NUMERIC].iloc[rows_train])
    for rows in (rows_train, rows_test):
        yield TensorDataset(
            torch.tensor(scaler.transform(frame[NUMERIC].iloc[rows]), dtype=torch.float32),
            torch.tensor(codes.iloc[rows].to_numpy(), dtype=torch.long),
            torch.tensor(label[rows], dtype=torch.float32),
        )


def main():
    torch.manual_seed(0)
    train, test = load()
    net = IncomeNet(SETTINGS["widths"], SETTINGS["keep"])
    optimizer = torch.optim.AdamW(net.parameters(), lr=SETTINGS["lr"])
    criterion = nn.BCEWithLogitsLoss()
    for epoch in range(SETTINGS["epochs"]):
        net.train()
        for numbers, codes, label in DataLoader(train, batch_size=256, shuffle=True):
            optimizer.zero_grad()
            loss = criterion(net(numbers, codes), label)
            loss.backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            numbers, codes, label = test.tensors
            hits = (net(numbers, codes) > 0) == label.bool()
        print(f"{epoch:2d}  accuracy {hits.float().mean().item():.4f}")


if __name__ == "__main__":
    main()
