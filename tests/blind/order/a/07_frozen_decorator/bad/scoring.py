"""Scores of a classifier over a loader."""
import functools

import torch


def frozen(fn):
    """The wrapped function looks at a network without changing it."""

    @functools.wraps(fn)
    def inner(net, *args, **kwargs):
        with torch.inference_mode():
            return fn(net, *args, **kwargs)

    return inner


@frozen
def error_rate(net, batches, device):
    wrong = seen = 0
    for images, target in batches:
        guess = net(images.to(device)).argmax(dim=1)  # expect: missing-eval-mode
        wrong += (guess.cpu() != target).sum().item()
        seen += target.numel()
    return wrong / seen
