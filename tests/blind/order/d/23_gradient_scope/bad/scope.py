"""Small helpers around the optimizer."""
from contextlib import contextmanager

from torch import nn


@contextmanager
def gradient_scope(optimizer):
    """Run one update; whatever was accumulated does not leak into the next one."""
    try:
        yield optimizer
    finally:
        optimizer.zero_grad(set_to_none=True)  # expect: zero-grad-before-step


def clip(module: nn.Module, limit: float) -> float:
    return nn.utils.clip_grad_norm_(module.parameters(), limit).item()
