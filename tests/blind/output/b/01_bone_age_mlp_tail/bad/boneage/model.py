import torch
from torch import nn

from .blocks import conv_block, mlp

MODELS = {}


def register(name):
    def wrap(factory):
        MODELS[name] = factory
        return factory

    return wrap


class HandNet(nn.Module):
    """Radiograph of a hand plus the sex of the child -> skeletal age."""

    def __init__(self, widths, hidden):
        super().__init__()
        steps = zip([1, *widths[:-1]], widths)
        self.trunk = nn.Sequential(*[conv_block(a, b) for a, b in steps])
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.regressor = mlp([widths[-1] + 1, hidden, 1])

    def forward(self, image, sex):
        feats = self.pool(self.trunk(image)).flatten(1)
        return self.regressor(torch.cat([feats, sex[:, None]], dim=1)).squeeze(1)


@register("hand_small")
def hand_small():
    return HandNet(widths=(16, 32, 64), hidden=64)


def build_model(name):
    return MODELS[name]()
