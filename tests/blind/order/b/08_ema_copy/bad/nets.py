import torch.nn as nn


class MotionNet(nn.Module):
    """Six sensor channels, 128 time steps, recurrent."""

    def __init__(self, channels=6, hidden=64, classes=5):
        super().__init__()
        self.rnn = nn.GRU(channels, hidden, batch_first=True)
        self.head = nn.Sequential(nn.Dropout(0.4), nn.Linear(hidden, 32), nn.ReLU(), nn.Linear(32, classes))

    def forward(self, x):
        _, last = self.rnn(x)
        return self.head(last[-1])
