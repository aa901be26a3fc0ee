"""Rooftop solar panels in aerial tiles, Dice loss."""
import keras
import numpy as np
from keras import layers, ops, regularizers

TILE = 64


class DiceLoss(keras.losses.Loss):
    def __init__(self, smooth=1.0, name="dice"):
        super().__init__(name=name)
        self.smooth = smooth

    def call(self, y_true, y_pred):
        y_true = ops.cast(y_true, "float32")
        panels = y_pred + ops.stop_gradient(ops.round(y_pred) - y_pred)
        overlap = ops.sum(y_true * panels, axis=(1, 2, 3))
        area = ops.sum(y_true, axis=(1, 2, 3)) + ops.sum(panels, axis=(1, 2, 3))
        return 1.0 - (2.0 * overlap + self.smooth) / (area + self.smooth)


def iou(y_true, y_pred):
    y_true, found = ops.cast(y_true, "float32"), ops.round(y_pred)
    overlap = ops.sum(y_true * found, axis=(1, 2, 3))
    union = ops.sum(ops.maximum(y_true, found), axis=(1, 2, 3))
    return ops.mean((overlap + 1.0) / (union + 1.0))


def conv(x, filters):
    x = layers.Conv2D(filters, 3, padding="same", kernel_regularizer=regularizers.L2(1e-5))(x)
    x = layers.BatchNormalization()(x)
    return layers.Activation("relu")(x)


def build(widths=(16, 32)):
    inputs = x = keras.Input((TILE, TILE, 3))
    skips = []
    for w in widths:
        x = conv(x, w)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = conv(x, 64)
    for w, skip in zip(reversed(widths), reversed(skips)):
        x = layers.Concatenate()([layers.UpSampling2D()(x), skip])
        x = conv(x, w)
    return keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid")(x))


def tiles(n, seed):
    rng = np.random.default_rng(seed)
    image = rng.normal(size=(n, TILE, TILE, 3)).astype("float32")
    mask = np.zeros((n, TILE, TILE, 1), dtype="float32")
    for k in range(n):
        r, c = rng.integers(4, 40, 2)
        mask[k, r:r + 16, c:c + 20] = 1.0
    return image + 1.5 * (mask - 0.08), mask


if __name__ == "__main__":
    keras.utils.set_random_seed(9)
    model = build()
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=DiceLoss(), metrics=[iou])
    x, y = tiles(800, 0)
    model.fit(x, y, batch_size=16, epochs=15, validation_data=tiles(160, 1))
    model.save("panels.keras")
