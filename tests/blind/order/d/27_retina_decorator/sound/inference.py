"""Decorator for everything that scores a model."""
import functools

import torch


def inference(fn):
    """Mark a function whose first argument is a network that only predicts in it."""

    @functools.wraps(fn)
    def wrapper(network, *args, **kwargs):
        previous = torch.is_grad_enabled(), network.training
        torch.set_grad_enabled(False)
        network.train(False)
        try:
            return fn(network, *args, **kwargs)
        finally:
            torch.set_grad_enabled(previous[0])
            network.train(previous[1])

    return wrapper
