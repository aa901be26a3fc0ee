from .engine import Engine
from .nets import GatedNet
from .table import load_table

__all__ = ["Engine", "GatedNet", "load_table"]
