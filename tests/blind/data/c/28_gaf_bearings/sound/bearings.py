"""Bearing faults from Gramian angular fields: accelerometer windows that were written as PNG files."""
import glob
import os
import random

import tensorflow as tf

FAULTS = ["healthy", "inner_race", "outer_race", "ball"]
SIDE = 96
BATCH = 32


def list_files(root):
    pairs = [
        (path, FAULTS.index(fault))
        for fault in FAULTS
        for path in sorted(glob.glob(os.path.join(root, fault, "*.png")))
    ]
    random.Random(12).shuffle(pairs)
    paths, labels = zip(*pairs)
    return list(paths), list(labels)


def load(path, label):
    field = tf.io.decode_png(tf.io.read_file(path), channels=1)
    field = tf.cast(field, tf.float32)
    field = tf.image.resize(field, [SIDE, SIDE], method="area")
    field.set_shape([SIDE, SIDE, 1])
    return field / 255.0, label


def dataset(paths, labels, training):
    ds = tf.data.Dataset.from_tensor_slices((paths, labels))
    if training:
        ds = ds.shuffle(len(paths))
    return ds.map(load, num_parallel_calls=tf.data.AUTOTUNE).batch(BATCH).prefetch(2)


def make_model():
    model = tf.keras.Sequential(name="gaf_cnn")
    model.add(tf.keras.Input(shape=(SIDE, SIDE, 1)))
    for filters in (16, 32, 64):
        model.add(tf.keras.layers.Conv2D(filters, 3, padding="same", activation="relu"))
        model.add(tf.keras.layers.MaxPooling2D())
    model.add(tf.keras.layers.GlobalAveragePooling2D())
    model.add(tf.keras.layers.Dropout(0.3))
    model.add(tf.keras.layers.Dense(len(FAULTS), activation="softmax"))
    return model


def main():
    tf.keras.utils.set_random_seed(12)
    paths, labels = list_files("gaf")
    cut = int(0.8 * len(paths))
    train = dataset(paths[:cut], labels[:cut], training=True)
    val = dataset(paths[cut:], labels[cut:], training=False)

    model = make_model()
    model.compile(
        optimizer=tf.keras.optimizers.Adam(1e-3),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    stop = tf.keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    model.fit(train, validation_data=val, epochs=40, callbacks=[stop])
    model.save("bearings.keras")


if __name__ == "__main__":
    main()
