"""Optimizers by the name that the settings file uses."""
from functools import partial

import torch

REGISTRY = {
    "adamw": torch.optim.AdamW,
    "sgd": partial(torch.optim.SGD, momentum=0.9, nesterov=True),
}


def build(model, spec):
    factory = REGISTRY[spec["name"]]
    return factory(model.parameters(), lr=spec["lr"], weight_decay=spec["weight_decay"])
