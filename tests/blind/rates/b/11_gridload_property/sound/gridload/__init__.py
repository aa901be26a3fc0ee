from .settings import Experiment, ModelHP, OptimHP
from .network import LoadForecaster
from .series import make_loaders

__all__ = ["Experiment", "ModelHP", "OptimHP", "LoadForecaster", "make_loaders"]
