"""What `x /= 2` does to whoever else holds x: a tensor of PyTorch and an array change, one of TensorFlow does not."""

from __future__ import annotations

from pathlib import Path

from tests.run.programs import rules

TWICE = """
import keras
import numpy as np
import tensorflow as tf

(x, y), _ = keras.datasets.mnist.load_data()
model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")


def scaled(images):
    images = {made}
    images /= 255
    return images


images = {start}
scaled(images)
model.fit(scaled(images), y)
"""


def test_tensors_of_tensorflow_stay_what_they_are(tmp_path: Path) -> None:
    start = "tf.constant(x.astype('float32'))"
    assert rules(TWICE.format(start=start, made="tf.identity(images)"), tmp_path) == []
    assert rules(TWICE.format(start=start, made="images"), tmp_path) == []


def test_arrays_change(tmp_path: Path) -> None:
    assert rules(TWICE.format(start="x.astype('float32')", made="images"), tmp_path) == ["double-normalization"]
