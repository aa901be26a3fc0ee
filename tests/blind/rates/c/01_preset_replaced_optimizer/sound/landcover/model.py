from torch import nn


def _stage(c_in: int, c_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(c_out),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
    )


class PatchNet(nn.Module):
    """Land-cover classifier for 64 x 64 Sentinel-2 patches."""

    def __init__(self, bands: int, classes: int) -> None:
        super().__init__()
        self.stages = nn.Sequential(_stage(bands, 32), _stage(32, 64), _stage(64, 128))
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(128, classes))

    def forward(self, x):
        return self.head(self.stages(x))
