from torch import nn


def block(c_in, c_out, stride):
    return nn.Sequential(
        nn.Conv1d(c_in, c_out, kernel_size=7, stride=stride, padding=3, bias=False),
        nn.BatchNorm1d(c_out),
        nn.ReLU(),
    )


class EcgNet(nn.Module):
    """Twelve leads in, one logit per diagnosis out."""

    def __init__(self, leads=12, diagnoses=5):
        super().__init__()
        widths = [leads, 32, 64, 128]
        self.features = nn.Sequential(*(block(a, b, 2) for a, b in zip(widths, widths[1:])))
        self.pool = nn.AdaptiveAvgPool1d(1)
        self.head = nn.Sequential(nn.Flatten(), nn.Dropout(0.2), nn.Linear(widths[-1], diagnoses))

    def forward(self, signal):
        return self.head(self.pool(self.features(signal)))
