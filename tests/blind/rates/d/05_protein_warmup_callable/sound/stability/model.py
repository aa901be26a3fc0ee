from torch import nn


class StabilityCNN(nn.Module):
    def __init__(self, width=64, layers=3):
        super().__init__()
        self.embed = nn.Embedding(21, width, padding_idx=0)
        self.convs = nn.ModuleList(nn.Conv1d(width, width, 5, padding=2) for _ in range(layers))
        self.norms = nn.ModuleList(nn.GroupNorm(8, width) for _ in range(layers))
        self.act = nn.GELU()
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(width, 1))

    def forward(self, tokens):
        h = self.embed(tokens).transpose(1, 2)
        for conv, norm in zip(self.convs, self.norms):
            h = h + self.act(norm(conv(h)))
        return self.head(h.mean(dim=2)).squeeze(-1)
