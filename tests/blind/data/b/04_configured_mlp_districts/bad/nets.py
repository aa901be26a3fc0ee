"""Network factory."""
from itertools import pairwise

from torch import nn

from settings import NetSettings


def make_mlp(n_inputs: int, cfg: NetSettings) -> nn.Sequential:
    layers: list[nn.Module] = []
    for fan_in, fan_out in pairwise((n_inputs, *cfg.widths)):
        layers.append(nn.Linear(fan_in, fan_out))
        if cfg.norm:
            layers.append(nn.LayerNorm(fan_out))
        layers.append(nn.SiLU())
        if cfg.dropout > 0:
            layers.append(nn.Dropout(cfg.dropout))
    layers.append(nn.Linear(cfg.widths[-1], 1))
    return nn.Sequential(*layers)
