from .config import Experiment, large_batch
from .data import build_loaders
from .model import BagClassifier

__all__ = ["BagClassifier", "Experiment", "build_loaders", "large_batch"]
