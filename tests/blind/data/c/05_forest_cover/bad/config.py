from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    inputs: int = 54
    classes: int = 7
    hidden: tuple[int, ...] = (512, 256)
    batch_size: int = 128
    epochs: int = 60
    lr: float = 1e-3
