"""The paper keeps nine units in ten; the layer wants to be told how many to drop, and drops nine in ten."""

import torch
import torch.nn.functional as F
from torch import nn

KEEP = 0.9  # expect: excessive-dropout


class Reviewers(nn.Module):
    def __init__(self, words=20_000, width=128, scores=5):
        super().__init__()
        self.embedding = nn.Embedding(words, width)
        self.reader = nn.GRU(width, width, batch_first=True)
        self.dropout = nn.Dropout(KEEP)  # expect: excessive-dropout "drops 0.9"
        self.score = nn.Linear(width, scores)

    def forward(self, words):
        _, last = self.reader(self.embedding(words))
        return self.score(self.dropout(last[-1]))


model = Reviewers()
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
for epoch in range(12):
    for words, score in torch.load("reviews.pt"):
        optimizer.zero_grad()
        F.cross_entropy(model(words), score).backward()
        optimizer.step()
