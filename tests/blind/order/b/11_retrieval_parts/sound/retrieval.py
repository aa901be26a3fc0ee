"""Metric learning on sensor fingerprints: a trunk, an embedder and a triplet loss."""
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset

IDENTITIES, DIM = 60, 96


class Triplets(Dataset):
    def __init__(self, x, labels):
        self.x, self.labels = x, labels
        self.members = {int(c): torch.nonzero(labels == c).flatten() for c in labels.unique()}

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        own = self.members[int(self.labels[i])]
        j = own[torch.randint(len(own), (1,)).item()]
        k = torch.randint(len(self.x), (1,)).item()
        while self.labels[k] == self.labels[i]:
            k = torch.randint(len(self.x), (1,)).item()
        return self.x[i], self.x[j], self.x[k]


def fingerprints(n, seed):
    g = torch.Generator().manual_seed(0)
    centres = torch.randn(IDENTITIES, DIM, generator=g)
    g.manual_seed(seed)
    labels = torch.randint(0, IDENTITIES, (n,), generator=g)
    return centres[labels] + 1.5 * torch.randn(n, DIM, generator=g), labels


class Retrieval:
    def __init__(self):
        self.trunk = nn.Sequential(
            nn.Linear(DIM, 128), nn.BatchNorm1d(128), nn.ReLU(),
            nn.Linear(128, 128), nn.BatchNorm1d(128), nn.ReLU(),
        )
        self.embedder = nn.Sequential(nn.Dropout(0.1), nn.Linear(128, 32))
        self.parts = {"trunk": self.trunk, "embedder": self.embedder}
        self.criterion = nn.TripletMarginLoss(margin=0.3)
        self.optimizer = torch.optim.AdamW(
            [
                {"params": self.trunk.parameters(), "lr": 5e-4},
                {"params": self.embedder.parameters(), "lr": 1e-3},
            ],
            weight_decay=1e-2,
        )

    def embed(self, x):
        return F.normalize(self.embedder(self.trunk(x)), dim=1)

    def train_epoch(self, loader):
        for part in self.parts.values():
            part.train()
        total = 0.0
        for anchor, same, other in loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.embed(anchor), self.embed(same), self.embed(other))
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(loader)

    @torch.no_grad()
    def recall(self, queries, query_labels, gallery, gallery_labels):
        for part in self.parts.values():
            part.eval()
        nearest = (self.embed(queries) @ self.embed(gallery).T).argmax(dim=1)
        return (gallery_labels[nearest] == query_labels).float().mean().item()


def main():
    torch.manual_seed(3)
    loader = DataLoader(Triplets(*fingerprints(6000, 1)), batch_size=100, shuffle=True)
    gallery, queries = fingerprints(600, 2), fingerprints(300, 3)
    task = Retrieval()
    for epoch in range(20):
        loss = task.train_epoch(loader)
        print(f"{epoch:2d} loss {loss:.4f} recall@1 {task.recall(*queries, *gallery):.3f}")


if __name__ == "__main__":
    main()
