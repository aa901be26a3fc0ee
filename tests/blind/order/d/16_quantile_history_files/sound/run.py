import json

import torch
from torch.utils.data import DataLoader, TensorDataset

from model import PinballLoss, ReturnQuantiles
from steps import train_step, validation_step


def windows(n, seed):
    g = torch.Generator().manual_seed(seed)
    return TensorDataset(torch.randn(n, 60, 8, generator=g), torch.randn(n, generator=g))


def main(epochs=12):
    torch.manual_seed(1)
    train_loader = DataLoader(windows(6000, 1), batch_size=64, shuffle=True)
    val_loader = DataLoader(windows(800, 2), batch_size=200)

    model, criterion = ReturnQuantiles(), PinballLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    history = {"train": [], "val": []}

    for epoch in range(epochs):
        model.train()
        for batch in train_loader:
            history["train"].append(train_step(model, criterion, optimizer, batch))

        model.eval()
        for batch in val_loader:
            history["val"].append(validation_step(model, criterion, batch))

        recent = torch.stack(history["train"][-len(train_loader) :]).mean().item()
        held = torch.stack(history["val"][-len(val_loader) :]).mean().item()
        print(f"epoch {epoch}: train {recent:.4f}, held out {held:.4f}")

    with open("history.json", "w") as f:
        json.dump({name: [float(v) for v in values] for name, values in history.items()}, f)


if __name__ == "__main__":
    main()
