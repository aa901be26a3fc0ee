from dataclasses import dataclass

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR


@dataclass
class LinearRamp:
    """Factor of the base rate, as a function of the update count."""

    warmup: int
    limit: float = 0.02

    def __call__(self, update: int) -> float:
        ramp = (update + 1) / self.warmup
        return max(self.limit, ramp)


def ramped(optimizer: Optimizer, warmup: int) -> LambdaLR:
    return LambdaLR(optimizer, lr_lambda=LinearRamp(warmup))  # expect: unbounded-learning-rate
