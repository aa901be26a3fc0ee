import torch
from torch import nn
from torch.utils.data import DataLoader

from features import NUMERIC, load
from settings import Settings


def build():
    return nn.Sequential(
        nn.Linear(len(NUMERIC), 64), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(64, 32), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(32, 1), nn.Flatten(0),
    )


def evaluate(net, loader):
    net.eval()
    right = total = 0
    with torch.no_grad():
        for x, y in loader:
            churns = net(x) > 0
            right += (churns == (y > 0.5)).sum().item()
            total += len(y)
    return right / total


def main():
    settings = Settings()
    train_set, val_set = load(settings.table)
    train_loader = DataLoader(train_set, batch_size=settings.batch_size, shuffle=True)
    val_loader = DataLoader(val_set, batch_size=512)

    net = build()
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.AdamW(net.parameters(), lr=settings.lr)  # expect: unbounded-learning-rate

    for epoch in range(settings.epochs):
        net.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(net(x), y)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: accuracy {evaluate(net, val_loader):.3f}")

    torch.save(net.state_dict(), "churn.pt")


if __name__ == "__main__":
    main()
