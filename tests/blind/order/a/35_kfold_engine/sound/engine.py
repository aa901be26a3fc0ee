import torch
from torch import nn

criterion = nn.MSELoss()


def fit(model, loader, rate, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, weight_decay=1e-5)
    model.train()
    for _ in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    total = sum(criterion(model(x), y).item() * len(x) for x, y in loader)
    return total / len(loader.dataset)
