"""Losses by name."""
from torch import nn

_REGISTRY = {}


def register(name):
    def wrap(factory):
        _REGISTRY[name] = factory
        return factory

    return wrap


@register("xent")
def cross_entropy():
    return nn.CrossEntropyLoss()


@register("bce")
def binary_cross_entropy():
    return nn.BCEWithLogitsLoss()


def get_loss(name):
    return _REGISTRY[name]()
