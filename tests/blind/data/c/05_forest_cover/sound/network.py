from torch import nn

from config import Config


def cover_net(config: Config) -> nn.Sequential:
    sizes = (config.inputs, *config.hidden)
    layers: list[nn.Module] = []
    for before, after in zip(sizes, sizes[1:]):
        layers += [nn.Linear(before, after), nn.GELU()]
    layers.append(nn.Linear(sizes[-1], config.classes))
    return nn.Sequential(*layers)


def parameter_groups(model: nn.Sequential, lr: float) -> list[dict]:
    linear = [layer for layer in model if isinstance(layer, nn.Linear)]
    return [
        {"params": [layer.weight for layer in linear], "lr": lr, "weight_decay": 1e-4},
        {"params": [layer.bias for layer in linear], "lr": lr},
    ]
