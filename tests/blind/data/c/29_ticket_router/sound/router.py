"""Route support tickets to a team: hashed words, an embedding bag and a few residual blocks."""
import csv
import zlib
from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.data import DataLoader


@dataclass
class HParams:
    buckets: int = 20_000
    dim: int = 128
    blocks: int = 3
    keep_prob: float = 0.9
    lr: float = 1e-3
    epochs: int = 10
    batch_size: int = 64


def tokens(text, buckets):
    ids = [1 + zlib.crc32(word.encode()) % (buckets - 1) for word in text.lower().split()]
    return torch.tensor(ids or [0], dtype=torch.long)


def read(path):
    with open(path, newline="", encoding="utf-8") as handle:
        return [(row["text"], row["team"]) for row in csv.DictReader(handle)]


class Block(nn.Module):
    def __init__(self, dim, drop):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.up = nn.Linear(dim, 2 * dim)
        self.down = nn.Linear(2 * dim, dim)
        self.drop = drop

    def forward(self, x):
        return x + self.drop(self.down(torch.relu(self.up(self.norm(x)))))


class Router(nn.Module):
    def __init__(self, hp: HParams, n_teams: int):
        super().__init__()
        self.words = nn.EmbeddingBag(hp.buckets, hp.dim, mode="mean")
        self.blocks = nn.Sequential(
            *[Block(hp.dim, drop=nn.Dropout(p=1 - hp.keep_prob)) for _ in range(hp.blocks)]
        )
        self.team = nn.Linear(hp.dim, n_teams)

    def forward(self, ids, offsets):
        return self.team(self.blocks(self.words(ids, offsets)))


def make_collate(hp, teams):
    def collate(rows):
        bags = [tokens(text, hp.buckets) for text, _ in rows]
        offsets = torch.tensor([0] + [len(bag) for bag in bags[:-1]]).cumsum(0)
        labels = torch.tensor([teams.index(team) for _, team in rows])
        return torch.cat(bags), offsets, labels

    return collate


def main(hp=HParams()):
    torch.manual_seed(6)
    train, val = read("tickets_train.csv"), read("tickets_val.csv")
    teams = sorted({team for _, team in train})
    collate = make_collate(hp, teams)
    train_loader = DataLoader(train, hp.batch_size, shuffle=True, collate_fn=collate)
    val_loader = DataLoader(val, 256, collate_fn=collate)

    model = Router(hp, len(teams))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=hp.lr)
    for epoch in range(hp.epochs):
        model.train()
        for ids, offsets, labels in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(ids, offsets), labels)
            loss.backward()
            optimizer.step()

        model.eval()
        hits = 0
        with torch.no_grad():
            for ids, offsets, labels in val_loader:
                hits += (model(ids, offsets).argmax(dim=1) == labels).sum().item()
        print(f"epoch {epoch}: {hits / len(val):.3f} of the validation tickets routed right")


if __name__ == "__main__":
    main()
