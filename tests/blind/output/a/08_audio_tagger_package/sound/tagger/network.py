import torch
from torch import Tensor, nn


class FrameTagger(nn.Module):
    """Recurrent tagger: a score per frame and tag, pooled over the clip."""

    def __init__(self, bands: int, n_tags: int, hidden: int = 48) -> None:
        super().__init__()
        self.rnn = nn.GRU(bands, hidden, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.3)
        self.tag = nn.Linear(2 * hidden, n_tags)

    def forward(self, frames: Tensor) -> dict[str, Tensor]:
        hidden, _ = self.rnn(frames)
        evidence = self.tag(self.drop(hidden))
        return {"framewise": torch.sigmoid(evidence), "clipwise": evidence.mean(dim=1)}
