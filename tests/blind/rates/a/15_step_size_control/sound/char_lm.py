# character language model, homework 4
# step size control: a bit larger after a good epoch, halved after a bad one
from types import SimpleNamespace

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

cfg = SimpleNamespace(
    file="shakespeare.txt", block=80, batch=64, hidden=128, epochs=300,
    lr=0.001, up=1.08, down=0.5, top=0.005,
)

torch.manual_seed(1)
text = open(cfg.file, encoding="utf-8").read()
alphabet = sorted(set(text))
index = {c: i for i, c in enumerate(alphabet)}
ids = torch.tensor([index[c] for c in text], dtype=torch.long)

cut = int(0.9 * len(ids))


def blocks(part):
    n = (len(part) - 1) // cfg.block
    x = part[: n * cfg.block].reshape(n, cfg.block)
    y = part[1 : n * cfg.block + 1].reshape(n, cfg.block)
    return TensorDataset(x, y)


train_loader = DataLoader(blocks(ids[:cut]), batch_size=cfg.batch, shuffle=True)
valid_loader = DataLoader(blocks(ids[cut:]), batch_size=cfg.batch)


class CharLM(nn.Module):
    def __init__(self, n_chars, hidden):
        super().__init__()
        self.embed = nn.Embedding(n_chars, 32)
        self.lstm = nn.LSTM(32, hidden, batch_first=True)
        self.drop = nn.Dropout(0.3)
        self.out = nn.Linear(hidden, n_chars)

    def forward(self, x):
        h, _ = self.lstm(self.embed(x))
        return self.out(self.drop(h))


model = CharLM(len(alphabet), cfg.hidden)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.RMSprop(model.parameters(), lr=cfg.lr)
previous = float("inf")

for epoch in range(cfg.epochs):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits.transpose(1, 2), y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    model.eval()
    total, n = 0.0, 0
    with torch.no_grad():
        for x, y in valid_loader:
            total += criterion(model(x).transpose(1, 2), y).item() * len(x)
            n += len(x)
    current = total / n

    for group in optimizer.param_groups:
        if current < previous:
            group["lr"] *= cfg.up
            group["lr"] = min(group["lr"], cfg.top)
        else:
            group["lr"] = max(group["lr"] * cfg.down, 1e-5)
    previous = current
    print(epoch, round(current, 4), optimizer.param_groups[0]["lr"])
