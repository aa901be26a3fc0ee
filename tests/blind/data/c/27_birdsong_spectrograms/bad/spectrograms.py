"""Spectrograms drawn as 8-bit greyscale PNGs, one folder per species."""
from pathlib import Path

from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T

ROOT = Path("birdsong")
SIZE = (128, 256)


def picture():
    return T.Compose([T.Grayscale(), T.Resize(SIZE), T.ToTensor()])


def loaders(batch_size):
    train_set = datasets.ImageFolder(ROOT / "train", transform=picture())
    val_set = datasets.ImageFolder(ROOT / "val", transform=picture())
    train = DataLoader(train_set, batch_size=batch_size, shuffle=True, num_workers=4)
    val = DataLoader(val_set, batch_size=batch_size, num_workers=4)
    return train, val, train_set.classes
