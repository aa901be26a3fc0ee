"""Weld radiographs: sound seam, porosity, crack or lack of fusion."""
import pathlib

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

ROOT = pathlib.Path("data/weld_radiographs")
CLASSES = ("sound", "porosity", "crack", "lack_of_fusion")
SIDE = 128
BATCH = 32
AUTOTUNE = tf.data.AUTOTUNE


def index(split):
    paths, labels = [], []
    for k, name in enumerate(CLASSES):
        for path in sorted((ROOT / split / name).glob("*.png")):
            paths.append(str(path))
            labels.append(k)
    return paths, labels


def read(path, label):
    image = tf.io.decode_png(tf.io.read_file(path), channels=1)
    image = tf.image.convert_image_dtype(image, tf.float32)
    image = tf.image.resize(image, (SIDE, SIDE), method="bilinear")
    return image, label


def flip(image, label):
    image = tf.image.random_flip_left_right(image)
    image = tf.image.random_flip_up_down(image)
    return image, label


def pipeline(split, training=False):
    paths, labels = index(split)
    ds = tf.data.Dataset.from_tensor_slices((paths, labels))
    if training:
        ds = ds.shuffle(len(paths), reshuffle_each_iteration=True)
    ds = ds.map(read, num_parallel_calls=AUTOTUNE)
    if training:
        ds = ds.map(flip, num_parallel_calls=AUTOTUNE)
    return ds.batch(BATCH).prefetch(AUTOTUNE)


def build():
    model = keras.Sequential([keras.Input((SIDE, SIDE, 1))], name="weldnet")
    for filters in (16, 32, 64):
        model.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        model.add(layers.MaxPooling2D())
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dropout(0.3))
    model.add(layers.Dense(len(CLASSES)))
    return model


def main():
    train = pipeline("train", training=True)
    valid = pipeline("valid")
    model = build()
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=6, restore_best_weights=True)
    model.fit(train, validation_data=valid, epochs=40, callbacks=[stop])
    print(model.evaluate(pipeline("test"), return_dict=True))


if __name__ == "__main__":
    main()
