"""Training as a generator: one item per finished epoch."""
import torch


def train_epochs(model, loader, optimizer, criterion, epochs):
    model.train()
    for epoch in range(epochs):
        running = 0.0
        for adjacency, atoms, target in loader:
            optimizer.zero_grad()
            prediction = model(adjacency, atoms)
            loss = criterion(prediction, target)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            running += loss.item()
        yield epoch, running / len(loader)
        model.train()


@torch.no_grad()
def mean_error(model, loader):
    model.eval()
    total = sum((model(a, x) - t).abs().sum().item() for a, x, t in loader)
    return total / len(loader.dataset)
