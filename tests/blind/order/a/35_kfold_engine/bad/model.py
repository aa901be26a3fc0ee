from torch import nn


def make_model(elements, width=48):
    return nn.Sequential(
        nn.Linear(elements, width), nn.SiLU(),
        nn.Linear(width, width), nn.SiLU(),
        nn.Linear(width, 1),
    )
