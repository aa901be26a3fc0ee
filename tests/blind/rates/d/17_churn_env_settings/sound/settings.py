"""Everything that operations may change without touching the code."""
import os
from dataclasses import dataclass, field


def env(name, default, cast=str):
    raw = os.environ.get(f"CHURN_{name}")
    return default if raw is None else cast(raw)


@dataclass
class Settings:
    table: str = field(default_factory=lambda: env("TABLE", "customers.csv"))
    lr: float = field(default_factory=lambda: env("LR", 1e-3, float))
    epochs: int = field(default_factory=lambda: env("EPOCHS", 20, int))
    batch_size: int = field(default_factory=lambda: env("BATCH", 128, int))

    def __post_init__(self):
        if not 1 <= self.epochs <= 200:
            raise ValueError(f"CHURN_EPOCHS={self.epochs} is out of range")
        if not 1e-5 <= self.lr <= 1e-2:
            raise ValueError(f"CHURN_LR={self.lr} is out of range")
