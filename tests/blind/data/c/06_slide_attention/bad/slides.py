"""Multiple-instance learning: one label per slide, many tiles per slide."""
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Slides(Dataset):
    """Embedded tiles; in a positive slide a few tiles carry the lesion."""

    def __init__(self, count: int, seed: int, width: int = 128):
        generator = torch.Generator().manual_seed(seed)
        self.bags, self.labels = [], []
        direction = torch.ones(width) / width**0.5
        for index in range(count):
            size = int(torch.randint(20, 120, (1,), generator=generator))
            tiles = torch.randn(size, width, generator=generator)
            label = index % 2
            if label:
                tiles[:5] += 3.0 * direction
            self.bags.append(tiles)
            self.labels.append(torch.tensor([float(label)]))

    def __len__(self):
        return len(self.bags)

    def __getitem__(self, index):
        return self.bags[index], self.labels[index]


class GatedPooling(nn.Module):
    def __init__(self, width: int, hidden: int):
        super().__init__()
        self.value = nn.Linear(width, hidden)
        self.gate = nn.Linear(width, hidden)
        self.score = nn.Linear(hidden, 1)

    def forward(self, tiles):
        hidden = torch.tanh(self.value(tiles)) * torch.sigmoid(self.gate(tiles))
        weights = torch.exp(self.score(hidden))
        weights = weights / weights.sum(dim=0, keepdim=True)  # expect: hand-rolled-softmax
        return (weights * tiles).sum(dim=0)


class SlideClassifier(nn.Module):
    def __init__(self, width: int = 128):
        super().__init__()
        self.pool = GatedPooling(width, hidden=48)
        self.head = nn.Sequential(nn.Linear(width, 32), nn.ReLU(), nn.Dropout(0.25), nn.Linear(32, 1))

    def forward(self, tiles):
        return self.head(self.pool(tiles))


def main():
    torch.manual_seed(1)
    train = DataLoader(Slides(300, seed=1), batch_size=None, shuffle=True)
    test = DataLoader(Slides(100, seed=2), batch_size=None)
    model = SlideClassifier()
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-4, weight_decay=1e-4)

    for epoch in range(30):
        model.train()
        running = 0.0
        for tiles, label in train:
            optimizer.zero_grad()
            loss = criterion(model(tiles), label)
            loss.backward()
            optimizer.step()
            running += loss.item()

        model.eval()
        correct = 0
        with torch.no_grad():
            for tiles, label in test:
                correct += int((model(tiles) > 0).float().eq(label).item())
        print(f"{epoch:02d}  loss {running / len(train):.4f}  accuracy {correct / len(test):.3f}")


if __name__ == "__main__":
    main()
