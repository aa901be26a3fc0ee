from torch import nn


class Spotter(nn.Module):
    def __init__(self, n_keywords, channels=(16, 32)):
        super().__init__()
        blocks, last = [], 1
        for width in channels:
            blocks += [
                nn.Conv2d(last, width, 3, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
                nn.MaxPool2d(2),
            ]
            last = width
        self.features = nn.Sequential(*blocks)
        self.classify = nn.Linear(last, n_keywords)

    def forward(self, spec):
        return self.classify(self.features(spec).mean(dim=(2, 3)))
