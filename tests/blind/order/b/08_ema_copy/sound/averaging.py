import copy

import torch


class Ema:
    """Exponential moving average of a model's weights."""

    def __init__(self, model, decay=0.998):
        self.decay = decay
        self.module = copy.deepcopy(model).eval()
        for p in self.module.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        for ours, theirs in zip(self.module.parameters(), model.parameters()):
            ours.mul_(self.decay).add_(theirs, alpha=1.0 - self.decay)
