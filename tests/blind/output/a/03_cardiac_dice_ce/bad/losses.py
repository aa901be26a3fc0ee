import torch.nn.functional as F
from torch import nn


class SoftDice(nn.Module):
    def __init__(self, smooth=1.0):
        super().__init__()
        self.smooth = smooth

    def forward(self, probs, mask):
        truth = F.one_hot(mask, probs.shape[1]).permute(0, 3, 1, 2).float()
        overlap = (probs * truth).sum(dim=(0, 2, 3))
        sizes = probs.sum(dim=(0, 2, 3)) + truth.sum(dim=(0, 2, 3))
        return 1 - ((2 * overlap + self.smooth) / (sizes + self.smooth)).mean()


class CompoundLoss(nn.Module):
    """Soft Dice plus cross entropy, as is usual for small structures."""

    def __init__(self, dice_weight=0.5):
        super().__init__()
        self.dice_weight = dice_weight
        self.dice = SoftDice()
        self.ce = nn.CrossEntropyLoss()

    def forward(self, maps, mask):
        region = self.dice(maps, mask)
        pixel = self.ce(maps, mask)  # expect: softmax-before-cross-entropy
        return self.dice_weight * region + (1 - self.dice_weight) * pixel
