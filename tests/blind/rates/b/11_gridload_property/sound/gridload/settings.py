"""Hyper-parameters of the grid-load forecaster."""
from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ModelHP:
    history: int = 96
    horizon: int = 24
    hidden: int = 48


@dataclass(frozen=True)
class OptimHP:
    reference_lr: float = 2e-3
    reference_batch: int = 16
    batch_size: int = 512
    epochs: int = 40

    @property
    def batch_ratio(self) -> float:
        return self.batch_size / self.reference_batch

    @property
    def lr(self) -> float:
        """Rate after scaling with the batch size."""
        return self.reference_lr * self.batch_ratio ** 0.5


@dataclass(frozen=True)
class Experiment:
    seed: int = 7
    model: ModelHP = field(default_factory=ModelHP)
    optim: OptimHP = field(default_factory=OptimHP)
