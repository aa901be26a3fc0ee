import functools

import torch


def inference(fn):
    """For functions whose first argument is a network that is only to be asked."""

    @functools.wraps(fn)
    def wrapper(model, *args, **kwargs):
        with torch.inference_mode():
            return fn(model, *args, **kwargs)

    return wrapper
