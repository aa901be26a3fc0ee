import math
import os
from types import SimpleNamespace


def env_float(name, default, low=-math.inf, high=math.inf):
    value = float(os.environ.get(name, default))
    if not low < value <= high:
        raise ValueError(f"{name}={value} is outside ({low}, {high}]")
    return value


def from_environment():
    return SimpleNamespace(
        lr=env_float("SCORING_LR", 1e-3, low=0.0),
        smoothing=env_float("SCORING_SMOOTHING", 0.02, low=0.0, high=0.2),
        epochs=40,
        batch_size=256,
    )
