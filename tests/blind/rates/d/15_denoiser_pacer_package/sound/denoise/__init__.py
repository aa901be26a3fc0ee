from .net import FrameDenoiser
from .pacer import Pacer
from .rates import grow

__all__ = ["FrameDenoiser", "Pacer", "grow"]
