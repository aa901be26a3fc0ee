"""Liver mask segmentation; all numbers come from segment.json next to this file."""
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset, random_split

import optimizers
from nets import SmallUNet


def make_slices(n, size):
    x = torch.randn(n, 1, size, size)
    mask = (F.avg_pool2d(x, 7, stride=1, padding=3) > 0.05).float()
    return TensorDataset(x, mask)


def dice(logits, mask):
    pred = (logits > 0).float()
    return (2 * (pred * mask).sum() + 1) / (pred.sum() + mask.sum() + 1)


def main():
    settings = json.loads(Path(__file__).with_name("segment.json").read_text())
    spec = settings["data"]
    slices = make_slices(spec["slices"], spec["size"])
    n_val = len(slices) // 5
    train_set, val_set = random_split(slices, [len(slices) - n_val, n_val])
    train_loader = DataLoader(train_set, batch_size=spec["batch_size"], shuffle=True)
    val_loader = DataLoader(val_set, batch_size=spec["batch_size"])

    model = SmallUNet(settings["width"])
    optimizer = optimizers.build(model, settings["optim"])

    for epoch in range(settings["epochs"]):
        model.train()
        for x, mask in train_loader:
            optimizer.zero_grad()
            loss = F.binary_cross_entropy_with_logits(model(x), mask)
            loss.backward()
            optimizer.step()

        model.eval()
        with torch.no_grad():
            scores = [dice(model(x), mask).item() for x, mask in val_loader]
        print(f"epoch {epoch}: dice {sum(scores) / len(scores):.3f}")


if __name__ == "__main__":
    main()
