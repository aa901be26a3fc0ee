"""Landslide susceptibility of grid cells from terrain attributes; own training step."""
import os

os.environ["KERAS_BACKEND"] = "tensorflow"

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.metrics import average_precision_score


@dataclass
class Settings:
    widths: tuple = (96, 48)
    keep: float = 0.85
    lr: float = 8e-4
    epochs: int = 35
    batch_size: int = 256


class Susceptibility(keras.Model):
    def __init__(self, settings):
        super().__init__()
        self.dense = [layers.Dense(width, activation="swish") for width in settings.widths]
        self.drops = [layers.Dropout(1.0 - settings.keep) for _ in settings.widths]
        self.out = layers.Dense(1)

    def call(self, x, training=None):
        for dense, drop in zip(self.dense, self.drops):
            x = drop(dense(x), training=training)
        return self.out(x)

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            logits = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=logits)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, logits)
        return {metric.name: metric.result() for metric in self.metrics}


def read(part):
    with np.load(f"terrain_{part}.npz") as archive:
        return archive["attributes"].astype("float32"), archive["slid"].astype("float32").reshape(-1, 1)


def main(settings=Settings()):
    keras.utils.set_random_seed(14)
    (x_train, y_train), (x_val, y_val), (x_test, y_test) = map(read, ("train", "val", "test"))
    centre, spread = x_train.mean(axis=0), x_train.std(axis=0) + 1e-6
    x_train, x_val, x_test = ((x - centre) / spread for x in (x_train, x_val, x_test))

    model = Susceptibility(settings)
    model.compile(
        optimizer=keras.optimizers.Adam(settings.lr),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.AUC(from_logits=True, name="auc")],
    )
    model.fit(
        x_train,
        y_train,
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        validation_data=(x_val, y_val),
    )
    scores = model.predict(x_test).ravel()
    print("average precision:", average_precision_score(y_test.ravel(), scores))


if __name__ == "__main__":
    main()
