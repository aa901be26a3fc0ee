from torch import nn


def conv(c_in, c_out, stride=1):
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(c_out),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = conv(width, width)
        self.second = conv(width, width)

    def forward(self, x):
        return x + self.second(self.first(x))


def small_resnet(n_classes=10, widths=(32, 64, 128)):
    layers, c_in = [], 3
    for i, width in enumerate(widths):
        layers += [conv(c_in, width, stride=1 if i == 0 else 2), Residual(width)]
        c_in = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c_in, n_classes))
