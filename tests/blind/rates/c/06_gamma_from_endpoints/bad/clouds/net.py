from torch import nn


def conv(c_in, c_out, dilation=1):
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, padding=dilation, dilation=dilation),
        nn.BatchNorm2d(c_out),
        nn.ReLU(),
    )


def cloud_net(bands=4, width=32):
    widths = [bands, width, width, width]
    body = [conv(a, b, dilation=2 ** i) for i, (a, b) in enumerate(zip(widths, widths[1:]))]
    return nn.Sequential(*body, nn.Conv2d(width, 1, 1))
