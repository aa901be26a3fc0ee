from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

from landcover import PRESETS, PatchNet, build_optimizer


def load(part):
    x = torch.from_numpy(np.load(f"eurosat_{part}_x.npy").astype("float32"))
    y = torch.from_numpy(np.load(f"eurosat_{part}_y.npy").astype("int64"))
    return x, y


def main():
    settings = replace(PRESETS["eurosat"], optimizer="adamw", base_lr=2e-3)
    x_train, y_train = load("train")
    x_val, y_val = load("val")
    mean = x_train.mean(dim=(0, 2, 3), keepdim=True)
    std = x_train.std(dim=(0, 2, 3), keepdim=True)
    train = DataLoader(TensorDataset((x_train - mean) / std, y_train), batch_size=settings.batch_size, shuffle=True)
    val = DataLoader(TensorDataset((x_val - mean) / std, y_val), batch_size=256)

    model = PatchNet(settings.bands, settings.classes)
    optimizer = build_optimizer(model, settings)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=settings.epochs)

    for epoch in range(settings.epochs):
        model.train()
        for x, y in train:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
        scheduler.step()

        model.eval()
        hits = 0
        with torch.no_grad():
            for x, y in val:
                hits += (model(x).argmax(dim=1) == y).sum().item()
        print(f"{epoch:3d}  accuracy {hits / len(y_val):.3f}")


if __name__ == "__main__":
    main()
