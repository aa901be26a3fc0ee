from .model import Seq2Seq
from .schedule import InverseSqrt
