"""Weakly supervised slide diagnosis: one label for a bag of tile embeddings."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, random_split

DIM = 256


class SlideBags(Dataset):
    """Stand-in for frozen tile embeddings: a few tiles of a sick slide are shifted."""

    def __init__(self, n_slides: int, seed: int = 0) -> None:
        gen = torch.Generator().manual_seed(seed)
        direction = F.normalize(torch.randn(DIM, generator=gen), dim=0)
        self.bags: list[tuple[Tensor, Tensor]] = []
        for i in range(n_slides):
            n_tiles = int(torch.randint(40, 120, (1,), generator=gen))
            tiles = torch.randn(n_tiles, DIM, generator=gen)
            sick = i % 2
            if sick:
                tiles[: n_tiles // 10] += 4.0 * direction
            self.bags.append((tiles, torch.tensor([float(sick)])))

    def __len__(self) -> int:
        return len(self.bags)

    def __getitem__(self, i: int) -> tuple[Tensor, Tensor]:
        return self.bags[i]


class QueryPool(nn.Module):
    def __init__(self, dim: int, width: int = 64) -> None:
        super().__init__()
        self.key = nn.Linear(dim, width)
        self.query = nn.Parameter(torch.randn(width) / math.sqrt(width))
        self.scale = math.sqrt(width)

    def forward(self, tiles: Tensor) -> tuple[Tensor, Tensor]:
        keys = self.key(tiles)
        energy = torch.einsum("nw,w->n", keys, self.query) / self.scale
        mass = torch.exp(energy).unsqueeze(-1)
        share = mass.div(mass.sum(dim=0, keepdim=True))  # expect: hand-rolled-softmax
        return (share * tiles).sum(dim=0), share.squeeze(-1)


class SlideNet(nn.Module):
    def __init__(self, dim: int = DIM) -> None:
        super().__init__()
        self.pool = QueryPool(dim)
        self.head = nn.Sequential(nn.Linear(dim, 32), nn.ReLU(), nn.Dropout(0.25), nn.Linear(32, 1))

    def forward(self, tiles: Tensor) -> tuple[Tensor, Tensor]:
        slide, share = self.pool(tiles)
        return self.head(slide), share


@torch.no_grad()
def evaluate(model: SlideNet, loader: DataLoader) -> float:
    model.eval()
    hits = 0
    for tiles, label in loader:
        logit, _ = model(tiles)
        hits += int((logit.item() > 0) == (label.item() > 0.5))
    return hits / len(loader)


def main() -> None:
    torch.manual_seed(0)
    train_set, val_set = random_split(SlideBags(300), [240, 60])
    train = DataLoader(train_set, batch_size=None, shuffle=True)
    val = DataLoader(val_set, batch_size=None)
    model = SlideNet()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-4, weight_decay=1e-2)
    criterion = nn.BCEWithLogitsLoss()
    for epoch in range(12):
        model.train()
        total = 0.0
        for tiles, label in train:
            logit, _ = model(tiles)
            loss = criterion(logit, label)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"{epoch:2d} loss {total / len(train):.4f} val {evaluate(model, val):.3f}")


if __name__ == "__main__":
    main()
