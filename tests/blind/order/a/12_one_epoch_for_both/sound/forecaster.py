from torch import Tensor, nn


class Forecaster(nn.Module):
    def __init__(self, channels: int, hidden: int = 48, horizon: int = 6, rate: float = 0.2):
        super().__init__()
        self.memory = nn.GRU(channels, hidden, num_layers=2, batch_first=True, dropout=rate)
        self.ahead = nn.Linear(hidden, horizon)

    def forward(self, window: Tensor) -> Tensor:
        states, _ = self.memory(window)
        return self.ahead(states[:, -1])
