import torch
from torch.nn import functional as F


def score(parts, loader):
    """Mean loss and accuracy over all clips of the loader."""
    parts.eval()
    loss, right, seen = 0.0, 0, 0
    with torch.no_grad():
        for clips, words in loader:
            logits = parts["head"](parts["encoder"](clips))
            loss += F.cross_entropy(logits, words).item() * len(words)
            right += (logits.argmax(dim=1) == words).sum().item()
            seen += len(words)
    return loss / seen, right / seen
