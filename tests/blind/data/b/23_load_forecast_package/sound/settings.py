from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    history: int = 168
    horizon: int = 24
    channels: int = 3
    hidden: tuple[int, ...] = (384, 192)
    drop: float = 0.0
    optimizer: str = "AdamW"
    lr: float = 5e-4
    epochs: int = 40
    batch_size: int = 64
