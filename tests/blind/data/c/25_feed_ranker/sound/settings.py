from dataclasses import dataclass, field


@dataclass(frozen=True)
class ModelSettings:
    n_users: int = 800
    n_items: int = 1500
    dim: int = 24
    hidden: tuple[int, ...] = (64, 32)
    n_out: int = 1


@dataclass(frozen=True)
class Settings:
    model: ModelSettings = field(default_factory=ModelSettings)
    objective: str = "cross_entropy"
    lr: float = 2e-3
    batch_size: int = 256
    epochs: int = 6
    seed: int = 9
