"""Lesion segmentation with an overlap loss."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SIZE = 64


class Overlap(keras.losses.Loss):
    """One minus the Dice coefficient of each picture."""

    def __init__(self, smooth=1.0, name="overlap"):
        super().__init__(name=name)
        self.smooth = smooth

    def region(self, y_pred):
        return tf.cast(y_pred > 0.5, tf.float32)  # expect: detached-loss

    def call(self, y_true, y_pred):
        y_true = tf.cast(y_true, tf.float32)
        region = self.region(y_pred)
        both = tf.reduce_sum(y_true * region, axis=(1, 2, 3))
        either = tf.reduce_sum(y_true, axis=(1, 2, 3)) + tf.reduce_sum(region, axis=(1, 2, 3))
        return 1.0 - (2.0 * both + self.smooth) / (either + self.smooth)


def dice(y_true, y_pred):
    return 1.0 - Overlap().call(y_true, y_pred)


def conv(x, width):
    for _ in range(2):
        x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.Activation("relu")(x)
    return x


def tiny_unet(widths=(16, 32)):
    inputs = keras.Input((SIZE, SIZE, 1))
    x, skips = inputs, []
    for width in widths:
        x = conv(x, width)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = conv(x, 64)
    for width, skip in zip(reversed(widths), reversed(skips)):
        x = layers.UpSampling2D()(x)
        x = conv(layers.Concatenate()([x, skip]), width)
    outputs = layers.Conv2D(1, 1, activation="sigmoid")(x)
    return keras.Model(inputs, outputs)


def pictures(n, seed):
    rng = np.random.default_rng(seed)
    row, col = np.mgrid[:SIZE, :SIZE]
    centre = rng.uniform(16, 48, size=(n, 2, 1, 1))
    radius = rng.uniform(5, 14, size=(n, 1, 1))
    mask = (row - centre[:, 0]) ** 2 + (col - centre[:, 1]) ** 2 < radius ** 2
    image = rng.standard_normal((n, SIZE, SIZE)) + 0.9 * mask
    return image[..., None].astype("float32"), mask[..., None].astype("float32")


x_train, y_train = pictures(1200, seed=0)
x_val, y_val = pictures(200, seed=1)
model = tiny_unet()
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=Overlap(), metrics=[dice])
model.fit(x_train, y_train, validation_data=(x_val, y_val), batch_size=16, epochs=15)
model.save_weights("lesions.weights.h5")
