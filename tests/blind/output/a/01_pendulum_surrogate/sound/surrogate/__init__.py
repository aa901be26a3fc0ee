from .data import PendulumStates
from .networks import AccelerationNet
from .training import Fitter

__all__ = ["AccelerationNet", "Fitter", "PendulumStates"]
