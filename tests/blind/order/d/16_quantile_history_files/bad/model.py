import torch
from torch import nn

QUANTILES = (0.05, 0.5, 0.95)


class ReturnQuantiles(nn.Module):
    """Sixty days of standardised features -> quantiles of the next day's return."""

    def __init__(self, features: int = 8, hidden: int = 48) -> None:
        super().__init__()
        self.gru = nn.GRU(features, hidden, num_layers=2, dropout=0.2, batch_first=True)
        self.norm = nn.LayerNorm(hidden)
        self.out = nn.Linear(hidden, len(QUANTILES))

    def forward(self, window: torch.Tensor) -> torch.Tensor:
        states, _ = self.gru(window)
        return self.out(self.norm(states[:, -1]))


class PinballLoss(nn.Module):
    def __init__(self, quantiles=QUANTILES) -> None:
        super().__init__()
        self.register_buffer("q", torch.tensor(quantiles))

    def forward(self, predicted: torch.Tensor, realised: torch.Tensor) -> torch.Tensor:
        gap = realised.unsqueeze(-1) - predicted
        return torch.maximum(self.q * gap, (self.q - 1.0) * gap).mean()
