"""Everything that config.json can name."""
from functools import partial

import torch
from torch import nn

HEADS = {
    "linear": nn.Identity,
    "softmax": partial(nn.Softmax, dim=-1),
    "log_softmax": partial(nn.LogSoftmax, dim=-1),
}
LOSSES = {"cross_entropy": nn.CrossEntropyLoss, "nll": nn.NLLLoss}


class BagClassifier(nn.Module):
    def __init__(self, vocab_size, embed_dim, hidden, classes, dropout, head):
        super().__init__()
        self.bag = nn.EmbeddingBag(vocab_size, embed_dim, mode="mean")
        self.body = nn.Sequential(
            nn.Linear(embed_dim, hidden),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, classes),
        )
        self.head = HEADS[head]()

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(self.bag(tokens)))


def build(cfg: dict):
    model = BagClassifier(**cfg["model"])
    loss = LOSSES[cfg["train"]["loss"]]()
    optimizer = torch.optim.AdamW(model.parameters(), **cfg["train"]["optimizer"])
    return model, loss, optimizer
