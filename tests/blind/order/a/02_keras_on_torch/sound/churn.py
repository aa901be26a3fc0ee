import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers


def customers(n, rng):
    """Contract length, spend, tickets and so on; already on a common scale."""
    x = rng.standard_normal((n, 12)).astype("float32")
    risk = 1.2 * x[:, 0] - 0.8 * x[:, 3] * x[:, 4] + 0.5 * np.abs(x[:, 7]) - 0.4
    left = rng.random(n) < 1.0 / (1.0 + np.exp(-np.clip(risk, -20.0, 20.0)))
    return x, left.astype("float32")[:, None]


def take_gradients(variables):
    return [v.value.grad for v in variables]


def drop_gradients(variables):
    for v in variables:
        v.value.grad = None


class TracedModel(keras.Model):
    """Keeps the gradient norm of every step next to the usual metrics."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.norm_tracker = keras.metrics.Mean(name="grad_norm")

    def train_step(self, data):
        x, y = data
        y_pred = self(x, training=True)
        loss = self.compute_loss(x=x, y=y, y_pred=y_pred)
        loss.backward()

        weights = list(self.trainable_weights)
        grads = take_gradients(weights)
        with torch.no_grad():
            norm = torch.sqrt(sum((g ** 2).sum() for g in grads))
            self.optimizer.apply(grads, weights)
        drop_gradients(weights)

        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss.detach())
            elif metric.name == "grad_norm":
                metric.update_state(norm)
            else:
                metric.update_state(y, y_pred.detach())
        return {m.name: m.result() for m in self.metrics}


def build(n_features):
    inputs = keras.Input((n_features,))
    h = layers.Dense(48, activation="relu")(inputs)
    h = layers.Dropout(0.2)(h)
    h = layers.Dense(24, activation="relu")(h)
    outputs = layers.Dense(1)(h)
    return TracedModel(inputs, outputs)


if __name__ == "__main__":
    rng = np.random.default_rng(11)
    x_train, y_train = customers(6000, rng)
    x_val, y_val = customers(1000, rng)

    model = build(x_train.shape[1])
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)],
    )
    model.fit(x_train, y_train, batch_size=64, epochs=12, validation_data=(x_val, y_val))
    model.save_weights("churn.weights.h5")
