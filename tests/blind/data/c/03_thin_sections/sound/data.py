"""Photographs of rock thin sections, one folder per class."""
import math
from pathlib import Path

import cv2
import keras
import numpy as np

CLASSES = ("basalt", "granite", "limestone", "sandstone")
SIZE = 128


class ThinSections(keras.utils.PyDataset):
    def __init__(self, root, batch_size=16, training=False, **kwargs):
        super().__init__(**kwargs)
        self.files = sorted(Path(root).glob("*/*.jpg"))
        self.batch_size = batch_size
        self.training = training
        self.rng = np.random.default_rng(11)
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.files) / self.batch_size)

    def __getitem__(self, index):
        start = index * self.batch_size
        chunk = self.files[start : start + self.batch_size]
        images = np.stack([self._read(path) for path in chunk]).astype("float32")
        labels = np.array([CLASSES.index(path.parent.name) for path in chunk], dtype="int64")
        if self.training and self.rng.random() < 0.5:
            images = np.ascontiguousarray(images[:, :, ::-1])
        return images, labels

    def on_epoch_end(self):
        if self.training:
            self.rng.shuffle(self.files)

    @staticmethod
    def _read(path):
        image = cv2.imread(str(path), cv2.IMREAD_COLOR)
        image = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        return cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
