"""Losses by name."""
from typing import Callable, Dict

from torch import nn

_REGISTRY: Dict[str, Callable[..., nn.Module]] = {}


def register(name: str):
    def wrap(maker):
        _REGISTRY[name] = maker
        return maker

    return wrap


@register("softmax")
def softmax_loss(**options):
    return nn.CrossEntropyLoss(**options)


@register("logistic")
def logistic_loss(**options):
    return nn.BCEWithLogitsLoss(**options)


def make_loss(name: str, **options) -> nn.Module:
    return _REGISTRY[name](**options)
