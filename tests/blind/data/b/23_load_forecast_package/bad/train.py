import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader

from network import LoadForecaster
from series import load_sets
from settings import Settings


def validate(model: nn.Module, loader: DataLoader, criterion: nn.Module) -> float:
    model.eval()
    total = 0.0
    with torch.no_grad():
        for past, ahead in loader:
            total += criterion(model(past), ahead).item() * len(past)
    return total / len(loader.dataset)


def main(settings: Settings) -> None:
    torch.manual_seed(0)
    train_set, valid_set = load_sets(settings)
    train_loader = DataLoader(train_set, batch_size=settings.batch_size, shuffle=True)
    valid_loader = DataLoader(valid_set, batch_size=256)

    model = LoadForecaster(settings)
    criterion = nn.MSELoss()
    optimizer = getattr(torch.optim, settings.optimizer)(model.parameters(), lr=settings.lr)
    schedule = CosineAnnealingLR(optimizer, T_max=settings.epochs)

    for epoch in range(settings.epochs):
        model.train()
        for past, ahead in train_loader:
            optimizer.zero_grad()
            criterion(model(past), ahead).backward()  # expect: missing-dropout
            optimizer.step()
        schedule.step()
        print(f"epoch {epoch + 1:02d}  validation mse {validate(model, valid_loader, criterion):.4f}")
    torch.save(model.state_dict(), "forecaster.pt")


if __name__ == "__main__":
    main(Settings())
