from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    optimizer: str
    base_lr: float
    bands: int = 13
    classes: int = 10
    epochs: int = 40
    batch_size: int = 64
    weight_decay: float = 1e-4


PRESETS = {
    "eurosat": Settings(optimizer="sgd", base_lr=0.2),
    "eurosat-rgb": Settings(optimizer="sgd", base_lr=0.1, bands=3),
}
