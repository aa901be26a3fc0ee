import torch
from torch import nn


def shared_mlp(*widths):
    """The same small network for every point: 1x1 convolutions along the cloud."""
    steps = []
    for w_in, w_out in zip(widths, widths[1:]):
        steps += [nn.Conv1d(w_in, w_out, 1), nn.BatchNorm1d(w_out), nn.ReLU()]
    return nn.Sequential(*steps)


class PointNet(nn.Module):
    def __init__(self, n_classes=40):
        super().__init__()
        self.points = shared_mlp(3, 32, 64, 128)
        self.mix = nn.Sequential(nn.Linear(128, 64), nn.ReLU(), nn.Dropout(0.3))
        self.head = nn.Linear(64, n_classes)

    def forward(self, cloud):
        pooled = self.points(cloud).amax(dim=2)
        return self.head(self.mix(pooled))

    def retarget(self, n_classes):
        """Another label set: a new last layer, whose parameters are returned."""
        self.head = nn.Linear(self.head.in_features, n_classes).to(self.head.weight.device)
        return list(self.head.parameters())

    @torch.no_grad()
    def classify(self, cloud):
        was = self.training
        self.eval()
        labels = self(cloud).argmax(dim=1)
        self.train(was)
        return labels
