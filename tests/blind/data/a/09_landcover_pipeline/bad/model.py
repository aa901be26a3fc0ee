from tensorflow import keras
from tensorflow.keras import layers

from data import CLASSES, SIZE


def augmenter() -> keras.Sequential:
    return keras.Sequential(
        [
            layers.RandomFlip("horizontal_and_vertical"),
            layers.RandomRotation(0.1),
        ],
        name="augmenter",
    )


def build_model() -> keras.Model:
    inputs = keras.Input(shape=SIZE + (3,))
    x = augmenter()(inputs)
    x = layers.Rescaling(1.0 / 255)(x)  # expect: double-normalization
    for filters in (32, 64, 128):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.4)(x)
    outputs = layers.Dense(len(CLASSES))(x)
    return keras.Model(inputs, outputs)
