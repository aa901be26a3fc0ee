"""Self-attention over table columns (after FT-Transformer), for a synthetic credit table."""
import math
from itertools import chain

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset, random_split

hp = dict(columns=12, classes=3, dim=32, depth=2, batch=256, epochs=30, peak=3e-4, floor=1e-5, warmup=200)


class ColumnTokens(nn.Module):
    def __init__(self, columns, dim):
        super().__init__()
        self.scale = nn.Parameter(torch.randn(columns, dim) / math.sqrt(dim))
        self.shift = nn.Parameter(0.02 * torch.randn(columns, dim))
        self.summary = nn.Parameter(0.02 * torch.randn(1, 1, dim))

    def forward(self, x):
        tokens = x.unsqueeze(-1) * self.scale + self.shift
        return torch.cat([self.summary.expand(len(x), -1, -1), tokens], dim=1)


class TableTransformer(nn.Module):
    def __init__(self, columns, classes, dim, depth):
        super().__init__()
        self.tokens = ColumnTokens(columns, dim)
        layer = nn.TransformerEncoderLayer(dim, 4, 2 * dim, dropout=0.1, activation="gelu", batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, depth)
        self.classify = nn.Linear(dim, classes)

    def forward(self, x):
        return self.classify(self.encoder(self.tokens(x))[:, 0])


def warmup_cosine(peak, floor, warmup, total):
    def at(step):
        if step < warmup:
            return peak * (step + 1) / warmup
        progress = min(1.0, (step - warmup) / (total - warmup))
        return floor + 0.5 * (peak - floor) * (1 + math.cos(math.pi * progress))

    return at


def table(n, columns, classes):
    x = torch.randn(n, columns)
    score = torch.stack([x[:, 0] * x[:, 1], x[:, 2] - x[:, 3], x[:, 4].abs() - 0.5], dim=1)
    return TensorDataset(x, score[:, :classes].argmax(dim=1))


def main():
    torch.manual_seed(2)
    train, valid = random_split(table(24_000, hp["columns"], hp["classes"]), [20_000, 4_000])
    train_loader = DataLoader(train, hp["batch"], shuffle=True)
    valid_loader = DataLoader(valid, 1000)

    model = TableTransformer(*(hp[k] for k in ("columns", "classes", "dim", "depth")))
    total = hp["epochs"] * len(train_loader)
    optimizer = torch.optim.AdamW(
        chain(model.tokens.parameters(), model.encoder.parameters(), model.classify.parameters()),
        lr=hp["peak"],
        weight_decay=1e-4,
    )
    rate = warmup_cosine(hp["peak"], hp["floor"], hp["warmup"], total)
    scheduler = LambdaLR(optimizer, rate)  # expect: learning-rate-too-low
    criterion = nn.CrossEntropyLoss()

    for epoch in range(hp["epochs"]):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
        model.eval()
        with torch.no_grad():
            hits = sum((model(x).argmax(dim=1) == y).sum().item() for x, y in valid_loader)
        print(epoch, hits / len(valid))


if __name__ == "__main__":
    main()
