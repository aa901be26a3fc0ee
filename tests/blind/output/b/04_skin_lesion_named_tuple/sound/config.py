from dataclasses import dataclass, field


@dataclass(frozen=True)
class OptimConfig:
    lr: float = 0.02
    momentum: float = 0.9
    weight_decay: float = 5e-4
    epochs: int = 12


@dataclass(frozen=True)
class Config:
    classes: tuple[str, ...] = ("nevus", "melanoma", "keratosis", "carcinoma", "vascular")
    width: int = 24
    batch_size: int = 32
    optim: OptimConfig = field(default_factory=OptimConfig)
