"""Thermal photographs of solar modules: thermal/<fault>/<module>.jpg"""
import pathlib
import random

import tensorflow as tf

FAULTS = ("none", "hot_spot", "bypass_diode", "cracking", "soiling")
SIZE = (96, 96)


def listing(root, seed=17):
    pairs = [(str(path), k) for k, fault in enumerate(FAULTS)
             for path in sorted(pathlib.Path(root, fault).glob("*.jpg"))]
    random.Random(seed).shuffle(pairs)
    return pairs


def decode(path, label):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.convert_image_dtype(image, tf.float32)
    return tf.image.resize(image, SIZE), label


def flip(image, label):
    image = tf.image.random_flip_left_right(image)
    return tf.image.random_flip_up_down(image), label


def batches(pairs, training):
    paths, labels = zip(*pairs)
    data = tf.data.Dataset.from_tensor_slices((list(paths), list(labels)))
    data = data.map(decode, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if training:
        data = data.shuffle(2048).map(flip, num_parallel_calls=tf.data.AUTOTUNE)
    return data.batch(32).prefetch(tf.data.AUTOTUNE)
