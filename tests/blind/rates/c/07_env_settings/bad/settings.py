from __future__ import annotations

import os
from dataclasses import dataclass


def env_float(name: str, default: float, upper: float | None = None) -> float:
    value = float(os.environ.get(name, default))
    if upper is not None and not 0.0 < value <= upper:
        raise SystemExit(f"{name} must lie in (0, {upper}], not {value}")
    return value


@dataclass
class Settings:
    lr: float
    dropout: float
    epochs: int = 50
    batch_size: int = 128

    @classmethod
    def from_env(cls) -> Settings:
        return cls(
            lr=env_float("TOX_LR", 3e-4),
            dropout=env_float("TOX_DROPOUT", 0.25, upper=0.6),
        )
