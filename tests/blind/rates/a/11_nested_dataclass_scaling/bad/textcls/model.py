import torch
from torch import nn


class BagClassifier(nn.Module):
    def __init__(self, vocab_size: int, num_classes: int, width: int = 64) -> None:
        super().__init__()
        self.bag = nn.EmbeddingBag(vocab_size, width, mode="mean")
        self.body = nn.Sequential(
            nn.LayerNorm(width),
            nn.Linear(width, width),
            nn.GELU(),
            nn.Dropout(0.2),
            nn.Linear(width, num_classes),
        )

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.body(self.bag(tokens))
