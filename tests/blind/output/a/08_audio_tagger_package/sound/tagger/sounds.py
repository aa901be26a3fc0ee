import torch
from torch.utils.data import Dataset

TAGS = ("bird", "engine", "siren", "speech", "rain")


class SoundScenes(Dataset):
    """Standardised log-mel frames (time, band); each tag lights up its own group of bands for a while."""

    def __init__(self, n: int, seed: int, frames: int = 80, bands: int = 40) -> None:
        g = torch.Generator().manual_seed(seed)
        self.tags = (torch.rand(n, len(TAGS), generator=g) < 0.35).float()
        self.frames = torch.randn(n, frames, bands, generator=g)
        step = bands // len(TAGS)
        for k in range(len(TAGS)):
            start = int(torch.randint(0, frames - 30, (1,), generator=g))
            self.frames[:, start:start + 30, k * step:(k + 1) * step] += 1.5 * self.tags[:, k, None, None]

    def __len__(self) -> int:
        return len(self.tags)

    def __getitem__(self, i: int) -> tuple[torch.Tensor, torch.Tensor]:
        return self.frames[i], self.tags[i]
