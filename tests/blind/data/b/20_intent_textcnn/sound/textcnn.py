import torch
import torch.nn as nn
import torch.nn.functional as F


class TextCNN(nn.Module):
    """Convolutions over word windows, the largest answer of each filter, a linear layer (Kim 2014)."""

    def __init__(self, words, classes, *, embedding, filters, windows, keep):
        super().__init__()
        self.embed = nn.Embedding(words, embedding, padding_idx=0)
        self.convs = nn.ModuleList(nn.Conv1d(embedding, filters, w, padding=w - 1) for w in windows)
        self.regularise = nn.Dropout(1.0 - keep)
        self.out = nn.Linear(filters * len(windows), classes)

    def forward(self, ids):
        x = self.embed(ids).transpose(1, 2)
        pooled = torch.cat([F.relu(conv(x)).amax(dim=2) for conv in self.convs], dim=1)
        return self.out(self.regularise(pooled))
