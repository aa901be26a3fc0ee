"""Synthetic keyword clips: every keyword is a chirp of its own, seen as a log-magnitude spectrogram."""
import torch
from torch.utils.data import Dataset

KEYWORDS = ("yes", "no", "up", "down", "stop", "go")
RATE = 8000


def chirp(kind, generator):
    t = torch.arange(RATE // 2) / RATE
    start = 300.0 + 250.0 * kind + 40.0 * torch.randn(1, generator=generator)
    slope = 400.0 * (kind % 3 - 1)
    wave = torch.sin(2 * torch.pi * (start * t + 0.5 * slope * t**2))
    return wave + 0.3 * torch.randn(len(t), generator=generator)


def spectrogram(wave):
    window = torch.hann_window(256)
    magnitude = torch.stft(wave, 256, hop_length=128, window=window, return_complex=True).abs()
    level = torch.log(magnitude + 1e-6)
    return (level - level.mean()) / (level.std() + 1e-6)


class Clips(Dataset):
    def __init__(self, count, seed):
        generator = torch.Generator().manual_seed(seed)
        self.kinds = torch.randint(len(KEYWORDS), (count,), generator=generator)
        self.specs = [spectrogram(chirp(int(k), generator)).unsqueeze(0) for k in self.kinds]

    def __len__(self):
        return len(self.kinds)

    def __getitem__(self, index):
        return self.specs[index], self.kinds[index]
