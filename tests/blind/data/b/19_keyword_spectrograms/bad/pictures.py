"""Spectrogram pictures, one folder per keyword: spectrograms/<keyword>/<speaker>_<take>.png"""
import tensorflow as tf

SIZE = (96, 64)


def to_unit(pictures, keyword):
    return tf.cast(pictures, tf.float32) / 255.0, keyword


def load(folder, subset, batch_size=64, seed=5):
    ds = tf.keras.utils.image_dataset_from_directory(
        folder,
        color_mode="grayscale",
        image_size=SIZE,
        batch_size=batch_size,
        validation_split=0.2,
        subset=subset,
        seed=seed,
        shuffle=True,
    )
    names = ds.class_names
    ds = ds.map(to_unit, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)
    return ds, names
