from .evaluation import skill
from .network import WindNet

__all__ = ["WindNet", "skill"]
