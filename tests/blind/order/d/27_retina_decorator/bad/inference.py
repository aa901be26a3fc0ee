"""Decorator for everything that scores a model."""
import functools

import torch


def inference(fn):
    """Mark a function whose first argument is a network that only predicts in it."""

    @functools.wraps(fn)
    def wrapper(network, *args, **kwargs):
        previous = torch.is_grad_enabled()
        torch.set_grad_enabled(False)
        try:
            return fn(network, *args, **kwargs)
        finally:
            torch.set_grad_enabled(previous)

    return wrapper
