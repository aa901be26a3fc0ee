"""EuroSAT-like folders (root/<class>/<image>.jpg) as tf.data pipelines."""
import random
from pathlib import Path

import tensorflow as tf

SIZE = (64, 64)
CLASSES = [
    "AnnualCrop", "Forest", "HerbaceousVegetation", "Highway", "Industrial",
    "Pasture", "PermanentCrop", "Residential", "River", "SeaLake",
]


def list_files(root: str, seed: int = 13) -> list[tuple[str, int]]:
    found = [(str(path), label) for label, name in enumerate(CLASSES) for path in sorted(Path(root, name).glob("*.jpg"))]
    random.Random(seed).shuffle(found)
    return found


def load_image(path, label):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.convert_image_dtype(image, tf.float32)
    image = tf.image.resize(image, SIZE)
    return image, label


def pipeline(files: list[tuple[str, int]], batch: int, training: bool) -> tf.data.Dataset:
    paths, labels = zip(*files)
    ds = tf.data.Dataset.from_tensor_slices((list(paths), list(labels)))
    if training:
        ds = ds.shuffle(len(files))
    return ds.map(load_image, num_parallel_calls=tf.data.AUTOTUNE).batch(batch).prefetch(tf.data.AUTOTUNE)
