"""Tox21: twelve assays from 1,024 Morgan bits, with missing labels masked."""
from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from settings import Settings


def build(dropout: float) -> nn.Module:
    return nn.Sequential(
        nn.Linear(1024, 256),
        nn.BatchNorm1d(256),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(256, 64),
        nn.BatchNorm1d(64),
        nn.ReLU(),
        nn.Linear(64, 12),
    )


def masked_bce(logits: Tensor, labels: Tensor, known: Tensor) -> Tensor:
    per_assay = nn.functional.binary_cross_entropy_with_logits(logits, labels, reduction="none")
    return (per_assay * known).sum() / known.sum().clamp(min=1)


def dataset(part: str) -> TensorDataset:
    blob = np.load(f"tox21_{part}.npz")
    columns = (blob["bits"], blob["labels"], blob["known"])
    return TensorDataset(*(torch.from_numpy(c.astype(np.float32)) for c in columns))


def run(settings: Settings) -> float:
    train = DataLoader(dataset("train"), settings.batch_size, shuffle=True, drop_last=True)
    valid = DataLoader(dataset("valid"), 512)
    model = build(settings.dropout)
    optimizer = torch.optim.AdamW(model.parameters(), lr=settings.lr, weight_decay=1e-2)  # expect: unbounded-learning-rate
    lowest = float("inf")
    for epoch in range(settings.epochs):
        model.train()
        for bits, labels, known in train:
            loss = masked_bce(model(bits), labels, known)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            losses = [masked_bce(model(b), y, k).item() for b, y, k in valid]
        mean = sum(losses) / len(losses)
        print(f"{epoch:02d} {mean:.4f}")
        if mean < lowest:
            lowest = mean
            torch.save(model.state_dict(), "tox21.pt")
    return lowest


if __name__ == "__main__":
    print("best", run(Settings.from_env()))
