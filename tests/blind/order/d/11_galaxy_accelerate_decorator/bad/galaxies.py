"""Galaxy morphology (smooth / spiral / edge-on / merger) with Hugging Face Accelerate."""
import functools
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from accelerate import Accelerator
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Settings:
    epochs: int = 15
    batch_size: int = 64
    lr: float = 1e-3
    weight_decay: float = 0.02
    classes: int = 4


def as_evaluation(fn):
    """Run `fn(model, ...)` with deterministic layers and without graphs."""

    @functools.wraps(fn)
    def wrapper(model, *args, **kwargs):
        model.eval()
        with torch.no_grad():
            return fn(model, *args, **kwargs)

    return wrapper


def conv_bn(c_in, c_out):
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU()
    )


def make_network(classes):
    widths = (3, 24, 48, 96)
    layers = [conv_bn(a, b) for a, b in zip(widths, widths[1:])]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(widths[-1], classes))


def cutouts(n, classes, seed):
    g = torch.Generator().manual_seed(seed)
    kind = torch.randint(0, classes, (n,), generator=g)
    pixels = torch.randn(n, 3, 64, 64, generator=g)
    pixels[:, 0] += 0.2 * kind[:, None, None]
    return TensorDataset(pixels, kind)


@as_evaluation
def agreement(model, loader, accelerator):
    hits = total = 0
    for images, kind in loader:
        guess = model(images).argmax(dim=1)
        guess, kind = accelerator.gather_for_metrics((guess, kind))
        hits += (guess == kind).sum().item()
        total += kind.numel()
    return hits / total


def main(cfg: Settings = Settings()):
    accelerator = Accelerator()
    train_loader = DataLoader(cutouts(4000, cfg.classes, 1), cfg.batch_size, shuffle=True, drop_last=True)
    val_loader = DataLoader(cutouts(800, cfg.classes, 2), cfg.batch_size)
    model = make_network(cfg.classes)
    optimizer = torch.optim.AdamW(model.parameters(), lr=cfg.lr, weight_decay=cfg.weight_decay)
    model, optimizer, train_loader, val_loader = accelerator.prepare(model, optimizer, train_loader, val_loader)

    model.train()
    for epoch in range(cfg.epochs):
        for images, kind in train_loader:
            optimizer.zero_grad()
            logits = model(images)  # expect: eval-mode-not-restored
            loss = F.cross_entropy(logits, kind)
            accelerator.backward(loss)
            optimizer.step()
        accelerator.print(f"epoch {epoch}: {agreement(model, val_loader, accelerator):.3f}")


if __name__ == "__main__":
    main()
