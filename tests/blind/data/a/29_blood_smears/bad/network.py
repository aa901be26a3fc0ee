"""A small convolutional network with its own input stage."""
import keras
from keras import layers


def block(x, filters):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    return layers.MaxPooling2D()(x)


def build(side, scale, offset, widths=(16, 32, 64)):
    cells = keras.Input((side, side, 3), name="cells")
    x = layers.Rescaling(scale, offset=offset)(cells)  # expect: double-normalization
    x = layers.RandomFlip("horizontal_and_vertical")(x)
    for filters in widths:
        x = block(x, filters)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.4)(x)
    risk = layers.Dense(1, activation="sigmoid", name="risk")(x)
    return keras.Model(cells, risk, name="smear_net")
