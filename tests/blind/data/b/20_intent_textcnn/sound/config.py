from dataclasses import dataclass


@dataclass
class ModelConfig:
    embedding: int = 128
    filters: int = 100
    windows: tuple = (3, 4, 5)
    keep: float = 0.8


@dataclass
class TrainConfig:
    path: str = "intents.tsv"
    max_words: int = 32
    min_count: int = 2
    batch_size: int = 50
    epochs: int = 12
    lr: float = 1e-3
    seed: int = 10
