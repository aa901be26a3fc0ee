"""Small residual network for 64x64 fundus patches."""
from torch import nn


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )
        self.act = nn.ReLU()

    def forward(self, x):
        return self.act(x + self.path(x))


class RetinaNet5(nn.Module):
    def __init__(self, grades=5, width=32):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, width, 5, stride=4, padding=2, bias=False), nn.BatchNorm2d(width), nn.ReLU())
        self.blocks = nn.Sequential(*[Block(width) for _ in range(3)])
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(width, grades))

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)))
