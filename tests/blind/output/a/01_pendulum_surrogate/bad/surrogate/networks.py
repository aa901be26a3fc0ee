from itertools import pairwise

from torch import nn


def dense_stack(*widths: int, act: type[nn.Module] = nn.ReLU) -> nn.Sequential:
    """Dense layers of the given widths, each with its activation."""
    layers: list[nn.Module] = []
    for fan_in, fan_out in pairwise(widths):
        layers += [nn.Linear(fan_in, fan_out), act()]
    return nn.Sequential(*layers)


class AccelerationNet(nn.Module):
    def __init__(self, state_size: int = 4, hidden: int = 64):
        super().__init__()
        self.encoder = dense_stack(state_size, hidden, act=nn.SiLU)
        self.trunk = dense_stack(hidden, hidden, hidden, 1)

    def forward(self, states):
        return self.trunk(self.encoder(states))
