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
    *body, head = (layer for layer in model if isinstance(layer, nn.Linear))
    return [
        {"params": [p for layer in body for p in layer.parameters()], "lr": lr},
        {"params": list(head.parameters()), "lr": 0.5 * lr},
    ]
