from .model import AnomalyGRU
from .ramp import Ramp
from .series import make_loaders

__all__ = ["AnomalyGRU", "Ramp", "make_loaders"]
