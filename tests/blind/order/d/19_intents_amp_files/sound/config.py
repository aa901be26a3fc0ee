from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    vocab: int = 8000
    length: int = 32
    intents: int = 12
    dim: int = 128
    heads: int = 4
    layers: int = 2
    lr: float = 3e-4
    batch_size: int = 16
    accumulate: int = 8
    epochs: int = 6
    smoothing: float = 0.1
