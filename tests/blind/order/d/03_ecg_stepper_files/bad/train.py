import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from engine import Stepper
from net import EcgNet

EPOCHS = 12


def make_split(n, generator):
    signals = torch.randn(n, 12, 1000, generator=generator)
    diagnoses = (torch.rand(n, 5, generator=generator) < 0.2).float()
    return TensorDataset(signals, diagnoses)


@torch.no_grad()
def validate(model, loader, criterion):
    model.eval()
    total, n = 0.0, 0
    for signals, diagnoses in loader:
        total += criterion(model(signals), diagnoses).item() * len(signals)
        n += len(signals)
    return total / n


def main():
    generator = torch.Generator().manual_seed(17)
    train_loader = DataLoader(make_split(1600, generator), batch_size=32, shuffle=True, drop_last=True)
    val_loader = DataLoader(make_split(320, generator), batch_size=64)

    model = EcgNet()
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-2)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=EPOCHS * len(train_loader))
    stepper = Stepper(model, optimizer, scheduler)

    for epoch in range(EPOCHS):
        model.train()
        for signals, diagnoses in train_loader:
            loss = criterion(model(signals), diagnoses)
            stepper.propagate(loss)
            stepper.advance()
        print(epoch, f"val {validate(model, val_loader, criterion):.4f}", f"skipped {stepper.skipped}")


if __name__ == "__main__":
    main()
