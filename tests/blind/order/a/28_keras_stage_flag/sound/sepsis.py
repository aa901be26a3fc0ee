"""Early-warning score from bedside measurements (custom Keras steps)."""
import os

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf
from keras import layers


class WardModel(keras.Model):
    def __init__(self, widths, dropout=0.3, **kwargs):
        super().__init__(**kwargs)
        self.blocks = [
            keras.Sequential(
                [layers.Dense(w, use_bias=False), layers.BatchNormalization(), layers.ReLU(), layers.Dropout(dropout)]
            )
            for w in widths
        ]
        self.score = layers.Dense(1)

    def call(self, inputs, training=None):
        x = inputs
        for block in self.blocks:
            x = block(x, training=training)
        return self.score(x)

    def _run(self, data, stage):
        x, y = data
        y_pred = self(x, training=stage == "fit")
        return y, y_pred, self.compute_loss(x=x, y=y, y_pred=y_pred)

    def _report(self, y, y_pred, loss):
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return {metric.name: metric.result() for metric in self.metrics}

    def train_step(self, data):
        with tf.GradientTape() as tape:
            y, y_pred, loss = self._run(data, "fit")
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return self._report(y, y_pred, loss)

    def test_step(self, data):
        return self._report(*self._run(data, "test"))


def patients(n, rng):
    vitals = rng.normal([82, 118, 17, 37.1, 96, 8.5], [14, 18, 4, 0.7, 2.5, 3.0], size=(n, 6))
    risk = 0.05 * (vitals[:, 0] - 82) - 0.04 * (vitals[:, 1] - 118) + 0.9 * (vitals[:, 3] - 37.1) ** 2 - 1
    y = rng.random(n) < 1 / (1 + np.exp(-risk))
    return vitals.astype("float32"), y.astype("float32")[:, None]


def main():
    keras.utils.set_random_seed(2)
    rng = np.random.default_rng(2)
    x_train, y_train = patients(6000, rng)
    x_val, y_val = patients(1500, rng)
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    x_train, x_val = (x_train - mean) / std, (x_val - mean) / std

    model = WardModel([64, 32])
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.AUC(from_logits=True, name="auc")],
    )
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    model.fit(x_train, y_train, batch_size=100, epochs=40, validation_data=(x_val, y_val), callbacks=[stop])


if __name__ == "__main__":
    main()
