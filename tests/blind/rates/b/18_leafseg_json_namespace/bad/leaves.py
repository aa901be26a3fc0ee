import torch
from torch.utils.data import Dataset


class LeafTiles(Dataset):
    """Tiles with a label map; made up, as long as the scanner is not connected."""

    def __init__(self, count, classes, size=48, seed=0):
        gen = torch.Generator().manual_seed(seed)
        coarse = torch.randint(0, classes, (count, 6, 6), generator=gen)
        factor = size // 6
        self.labels = coarse.repeat_interleave(factor, 1).repeat_interleave(factor, 2)
        noise = torch.randn(count, 3, size, size, generator=gen)
        self.tiles = noise + (self.labels.float().unsqueeze(1) - (classes - 1) / 2)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.tiles[i], self.labels[i]
