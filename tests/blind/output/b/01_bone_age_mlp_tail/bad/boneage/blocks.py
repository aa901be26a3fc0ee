from torch import nn


def conv_block(c_in, c_out):
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(c_out),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
    )


def mlp(dims, act=nn.ReLU, p=0.2):
    """Dropout -> Linear -> activation for every step of `dims`."""
    layers = []
    for d_in, d_out in zip(dims[:-1], dims[1:]):
        layers += [nn.Dropout(p), nn.Linear(d_in, d_out), act()]
    return nn.Sequential(*layers)
