from torch import nn


class AnomalyGRU(nn.Module):
    """Monthly station anomalies (24 months, 6 variables) to next month's temperature anomaly."""

    def __init__(self, variables=6, hidden=48):
        super().__init__()
        self.gru = nn.GRU(variables, hidden, batch_first=True)
        self.norm = nn.LayerNorm(hidden)
        self.out = nn.Linear(hidden, 1)

    def forward(self, months):
        states, _ = self.gru(months)
        return self.out(self.norm(states[:, -1]))
