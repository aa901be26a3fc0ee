from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class OptimConfig:
    base_lr: float = 1e-3
    weight_decay: float = 0.01


@dataclass(frozen=True)
class Config:
    sensors: int = 6
    hours: int = 48
    hidden: int = 64
    batch_size: int = 128
    epochs: int = 20
    optim: OptimConfig = field(default_factory=OptimConfig)

    @property
    def lr(self) -> float:
        """Linear scaling rule: the rate follows the batch."""
        return self.optim.base_lr * self.batch_size / 256
