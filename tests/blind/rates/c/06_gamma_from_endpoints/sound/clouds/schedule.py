from typing import NamedTuple


class Plan(NamedTuple):
    lr_start: float = 0.02
    lr_end: float = 0.001
    epochs: int = 30


def per_epoch_factor(end: float, start: float, epochs: int) -> float:
    """Constant factor that leads from one rate to the other in so many epochs."""
    return (end / start) ** (1.0 / epochs)
