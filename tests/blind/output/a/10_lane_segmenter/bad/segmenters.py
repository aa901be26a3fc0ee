import torch.nn as nn
import torch.nn.functional as F


class Segmenter(nn.Module):
    """Base of the segmentation networks: subclasses give per-pixel scores of shape (N, classes, H, W)."""

    def log_probs(self, images):
        return F.log_softmax(self(images), dim=1)

    def labels(self, images):
        return self(images).argmax(dim=1)


class LaneNet(Segmenter):
    def __init__(self, num_classes):
        super(LaneNet, self).__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 32, 5, stride=2, padding=2), nn.BatchNorm2d(32), nn.ReLU(True))
        self.context = nn.ModuleList([
            nn.Sequential(nn.Conv2d(32, 32, 3, padding=d, dilation=d), nn.BatchNorm2d(32), nn.ReLU(True))
            for d in (1, 2, 4, 8)
        ])
        self.score = nn.Conv2d(32, num_classes, 1)

    def forward(self, images):
        h = self.stem(images)
        for layer in self.context:
            h = h + layer(h)
        return F.interpolate(self.score(h), scale_factor=2, mode="bilinear", align_corners=False)
