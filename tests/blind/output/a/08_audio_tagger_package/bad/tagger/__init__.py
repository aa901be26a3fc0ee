from .network import FrameTagger
from .objective import OBJECTIVES, clip_objective
from .sounds import TAGS, SoundScenes

__all__ = ["OBJECTIVES", "TAGS", "FrameTagger", "SoundScenes", "clip_objective"]
