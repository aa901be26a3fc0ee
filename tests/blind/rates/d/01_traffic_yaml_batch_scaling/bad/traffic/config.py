from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class OptimConfig:
    name: str
    base_lr: float
    reference_batch: int
    weight_decay: float

    def scaled(self, batch_size: int) -> float:
        """Linear scaling rule."""
        return self.base_lr * batch_size / self.reference_batch


@dataclass(frozen=True)
class Config:
    sensors: int
    history: int
    horizon: int
    hidden: int
    batch_size: int
    epochs: int
    optim: OptimConfig

    @classmethod
    def load(cls, path: Path) -> Config:
        raw = yaml.safe_load(path.read_text())
        return cls(optim=OptimConfig(**raw.pop("optim")), **raw)
