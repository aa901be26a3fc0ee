"""Clips from the doorbell: mono WAV, 8 bits, 8 kHz, one second each. Kept as bytes to spare memory."""
import wave
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import Dataset

CLASSES = ("silence", "knock", "bell", "voice")
LENGTH = 8000


def read_clip(path: Path) -> np.ndarray:
    with wave.open(str(path), "rb") as clip:
        frames = clip.readframes(LENGTH)
    samples = np.frombuffer(frames, dtype=np.uint8)
    padded = np.full(LENGTH, 128, dtype=np.uint8)
    padded[: len(samples)] = samples
    return padded


class Doorbell(Dataset):
    def __init__(self, root: str) -> None:
        self.items = [
            (path, label)
            for label, name in enumerate(CLASSES)
            for path in sorted(Path(root, name).glob("*.wav"))
        ]
        self.cache: dict[int, torch.Tensor] = {}

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        path, label = self.items[index]
        if index not in self.cache:
            self.cache[index] = torch.from_numpy(read_clip(path))
        return self.cache[index], label
