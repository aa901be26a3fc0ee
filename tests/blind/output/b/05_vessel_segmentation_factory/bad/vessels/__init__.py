from .losses import make_criterion, soft_dice
from .net import TinyUNet
