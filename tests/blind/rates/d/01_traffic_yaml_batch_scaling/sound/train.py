from functools import partial
from pathlib import Path

import torch
from torch import nn

from traffic import Config, GraphGRU, make_loaders

OPTIMIZERS = {
    "sgd": partial(torch.optim.SGD, momentum=0.9, nesterov=True),
    "adamw": torch.optim.AdamW,
}


def main():
    torch.manual_seed(0)
    cfg = Config.load(Path(__file__).parent / "configs" / "pems.yaml")
    train_loader, val_loader = make_loaders(cfg)
    model = GraphGRU(cfg.sensors, cfg.hidden, cfg.horizon)
    optimizer = OPTIMIZERS[cfg.optim.name](
        model.parameters(),
        lr=cfg.optim.scaled(cfg.batch_size),
        weight_decay=cfg.optim.weight_decay,
    )
    criterion = nn.L1Loss()

    for epoch in range(cfg.epochs):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()

        model.eval()
        total, count = 0.0, 0
        with torch.no_grad():
            for x, y in val_loader:
                total += criterion(model(x), y).item() * len(x)
                count += len(x)
        print(f"epoch {epoch:02d}  val MAE {total / count:.4f}")


if __name__ == "__main__":
    main()
