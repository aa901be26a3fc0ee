from .config import Config
from .data import make_loaders
from .model import GraphGRU

__all__ = ["Config", "GraphGRU", "make_loaders"]
