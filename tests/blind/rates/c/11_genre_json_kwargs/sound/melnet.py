from torch import nn


def block(c_in, c_out):
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(c_out),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
    )


class MelNet(nn.Module):
    """Genre classifier over log-mel patches of shape (1, 64, 96)."""

    def __init__(self, genres=8, width=24, dropout=0.3):
        super().__init__()
        self.features = nn.Sequential(
            block(1, width), block(width, width * 2), block(width * 2, width * 4)
        )
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(width * 4, genres)

    def forward(self, mel):
        pooled = self.features(mel).mean(dim=(2, 3))
        return self.head(self.drop(pooled))
