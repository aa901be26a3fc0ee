from .model import build_model
from .data import make_loaders

__all__ = ["build_model", "make_loaders"]
