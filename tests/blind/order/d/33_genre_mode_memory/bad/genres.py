"""Music genre recognition on log-mel patches."""
from contextlib import contextmanager

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

GENRES = 8


def conv(c_in, c_out):
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(c_out),
        nn.ReLU(),
        nn.MaxPool2d(2),
    )


def build():
    return nn.Sequential(
        conv(1, 16),
        conv(16, 32),
        conv(32, 64),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Dropout(0.4),
        nn.Linear(64, GENRES),
    )


@contextmanager
def scoring(model):
    model.eval()
    mode = model.training
    try:
        with torch.no_grad():
            yield model
    finally:
        model.train(mode)


def excerpts(n):
    genre = torch.randint(0, GENRES, (n,))
    patch = torch.randn(n, 1, 64, 96)
    patch[:, :, :32] += 0.1 * genre[:, None, None, None]
    return TensorDataset(patch, genre)


def validate(model, loader):
    hits = 0
    with scoring(model) as scorer:
        for patch, genre in loader:
            hits += (scorer(patch).argmax(dim=1) == genre).sum().item()
    return hits / len(loader.dataset)


def main():
    torch.manual_seed(33)
    train_loader = DataLoader(excerpts(1600), batch_size=32, shuffle=True)
    val_loader = DataLoader(excerpts(400), batch_size=80)
    model = build()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    criterion = nn.CrossEntropyLoss()
    best = 0.0

    model.train()
    for epoch in range(20):
        for patch, genre in train_loader:
            loss = criterion(model(patch), genre)  # expect: eval-mode-not-restored
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        accuracy = validate(model, val_loader)
        if accuracy > best:
            best = accuracy
            torch.save(model.state_dict(), "genres.pt")
        print(f"epoch {epoch}: val accuracy {accuracy:.3f} (best {best:.3f})")


if __name__ == "__main__":
    main()
