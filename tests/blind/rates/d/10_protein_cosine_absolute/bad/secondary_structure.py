import math

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

HPARAMS = {
    "epochs": 30,
    "batch_size": 32,
    "lr": 3e-4,
    "floor": 0.05,
    "hidden": 64,
}
STATES = 3      # helix, strand, coil
IGNORE = -100   # padding after the end of the chain


class Tagger(torch.nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.embed = torch.nn.Embedding(22, 32, padding_idx=0)
        self.rnn = torch.nn.LSTM(32, hidden, num_layers=2, dropout=0.3, bidirectional=True, batch_first=True)
        self.norm = torch.nn.LayerNorm(2 * hidden)
        self.out = torch.nn.Linear(2 * hidden, STATES)

    def forward(self, residues):
        h, _ = self.rnn(self.embed(residues))
        return self.out(self.norm(h)).transpose(1, 2)


def cosine(hp):
    total = hp["epochs"]
    peak = hp["lr"]
    low = hp["floor"] * peak

    def at(epoch):
        progress = min(epoch / total, 1.0)
        return low + 0.5 * (peak - low) * (1.0 + math.cos(math.pi * progress))

    return at


def load(path):
    with np.load(path) as archive:
        x = torch.from_numpy(archive["residues"].astype("int64"))
        y = torch.from_numpy(archive["states"].astype("int64"))
    return TensorDataset(x, y.masked_fill(x == 0, IGNORE))


def q3(model, loader):
    model.eval()
    right = total = 0
    with torch.no_grad():
        for x, y in loader:
            keep = y != IGNORE
            right += (model(x).argmax(dim=1) == y)[keep].sum().item()
            total += keep.sum().item()
    return right / total


def run(hp):
    torch.manual_seed(21)
    train = DataLoader(load("data/cb513_train.npz"), batch_size=hp["batch_size"], shuffle=True)
    valid = DataLoader(load("data/cb513_valid.npz"), batch_size=hp["batch_size"])
    model = Tagger(hp["hidden"])
    optimizer = torch.optim.Adam(model.parameters(), lr=hp["lr"])
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, cosine(hp))  # expect: learning-rate-too-low
    for epoch in range(hp["epochs"]):
        model.train()
        for x, y in train:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y, ignore_index=IGNORE).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        scheduler.step()
        print(f"epoch {epoch:2d}  Q3 {q3(model, valid):.4f}")


if __name__ == "__main__":
    run(HPARAMS)
