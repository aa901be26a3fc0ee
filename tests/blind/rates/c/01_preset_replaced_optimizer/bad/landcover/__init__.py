from .config import PRESETS, Settings
from .model import PatchNet
from .optim import build_optimizer

__all__ = ["PRESETS", "Settings", "PatchNet", "build_optimizer"]
