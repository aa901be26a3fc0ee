"""A sigmoid in the network, and the sigmoid that the loss brings along: no tag ever gets below one half."""

import torch
import torch.nn.functional as F
from torch import nn


class Tagger(nn.Module):
    def __init__(self, words, tags):
        super().__init__()
        self.embedding = nn.EmbeddingBag(words, 64)
        self.classifier = nn.Linear(64, tags)
        self.probability = nn.Sigmoid()

    def forward(self, text):
        return self.probability(self.classifier(self.embedding(text)))


model = Tagger(words=20_000, tags=50)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)

for text, tags in torch.load("tagged.pt"):
    optimizer.zero_grad()
    predicted = model(text)
    loss = F.binary_cross_entropy_with_logits(predicted, tags)  # expect: sigmoid-before-logits-loss
    loss.backward()
    optimizer.step()
