"""Next-hour temperature from a window of station readings."""
from .config import Config, OptimConfig
from .training import fit

__all__ = ["Config", "OptimConfig", "fit"]
