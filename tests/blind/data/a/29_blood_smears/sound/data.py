"""Batches of red blood cell crops, parasitized or not."""
import math
from pathlib import Path

import keras
import numpy as np
from PIL import Image

KINDS = {"uninfected": 0.0, "parasitized": 1.0}


def listing(folder):
    return [(path, target) for kind, target in KINDS.items() for path in sorted(Path(folder, kind).glob("*.png"))]


def read_cell(path, side):
    with Image.open(path) as image:
        cell = image.convert("RGB").resize((side, side))
    return np.asarray(cell, dtype="float32") / 255.0


class CellBatches(keras.utils.PyDataset):
    def __init__(self, folder, side, batch_size=32, shuffle=False, **kwargs):
        super().__init__(**kwargs)
        self.items = listing(folder)
        self.side = side
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.rng = np.random.default_rng(17)
        self.order = np.arange(len(self.items))
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.items) / self.batch_size)

    def __getitem__(self, i):
        rows = self.order[i * self.batch_size:(i + 1) * self.batch_size]
        cells = np.stack([read_cell(self.items[r][0], self.side) for r in rows])
        targets = np.array([[self.items[r][1]] for r in rows], dtype="float32")
        return cells, targets

    def on_epoch_end(self):
        if self.shuffle:
            self.rng.shuffle(self.order)
