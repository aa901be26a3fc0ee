"""Every number of the district price model in one place."""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class NetSettings:
    widths: tuple[int, ...] = (512, 512, 256)
    dropout: float = 0.0
    norm: bool = False


@dataclass(frozen=True)
class TrainSettings:
    optimizer: str = "adam"
    lr: float = 1e-3
    batch_size: int = 128
    epochs: int = 120


@dataclass(frozen=True)
class Settings:
    seed: int = 3
    net: NetSettings = field(default_factory=NetSettings)
    train: TrainSettings = field(default_factory=TrainSettings)
