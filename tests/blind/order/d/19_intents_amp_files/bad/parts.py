import torch
import torch.nn.functional as F
from torch import nn


class IntentEncoder(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.tokens = nn.Embedding(cfg.vocab, cfg.dim, padding_idx=0)
        self.places = nn.Embedding(cfg.length, cfg.dim)
        layer = nn.TransformerEncoderLayer(cfg.dim, cfg.heads, 4 * cfg.dim, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, cfg.layers)
        self.out = nn.Linear(cfg.dim, cfg.intents)

    def forward(self, ids):
        places = torch.arange(ids.shape[1], device=ids.device)
        h = self.encoder(self.tokens(ids) + self.places(places))
        return self.out(h.mean(dim=1))


class IntentLoss(nn.Module):
    def __init__(self, smoothing, share=1.0):
        super().__init__()
        self.smoothing = smoothing
        self.share = share

    def forward(self, logits, intent):
        return self.share * F.cross_entropy(logits, intent, label_smoothing=self.smoothing)
