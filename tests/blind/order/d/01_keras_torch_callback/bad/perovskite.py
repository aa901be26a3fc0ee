"""Formation energies of perovskites from composition descriptors, Keras 3 on the PyTorch backend."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers


class EnergyModel(keras.Model):
    def train_step(self, data):
        x, y = data
        y_pred = self(x, training=True)
        loss = self.compute_loss(y=y, y_pred=y_pred)
        loss.backward()  # expect: missing-zero-grad

        weights = list(self.trainable_weights)
        gradients = [w.value.grad for w in weights]
        with torch.no_grad():
            self.optimizer.apply(gradients, weights)
            for metric in self.metrics:
                if metric.name == "loss":
                    metric.update_state(loss)
                else:
                    metric.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}


class Housekeeping(keras.callbacks.Callback):
    """Gradient buffers and memory are looked after here, so that train_step stays short."""

    def __init__(self):
        super().__init__()
        self.peak = []

    def on_epoch_begin(self, epoch, logs=None):
        self.model.zero_grad()

    def on_epoch_end(self, epoch, logs=None):
        if torch.cuda.is_available():
            self.peak.append(torch.cuda.max_memory_allocated())


def load(n=4000, n_features=24, seed=3):
    rng = np.random.default_rng(seed)
    x = rng.normal(5.0, 3.0, size=(n, n_features)).astype("float32")
    w = rng.normal(size=(n_features, 1)).astype("float32")
    y = (x @ w + 0.1 * rng.normal(size=(n, 1))).astype("float32")
    order = rng.permutation(n)
    cut = int(0.8 * n)
    return (x[order[:cut]], y[order[:cut]]), (x[order[cut:]], y[order[cut:]])


def build(x_train):
    scaling = layers.Normalization()
    scaling.adapt(x_train)
    inputs = keras.Input(shape=(x_train.shape[1],))
    h = scaling(inputs)
    h = layers.Dense(96, activation="gelu")(h)
    h = layers.Dropout(0.1)(h)
    h = layers.Dense(96, activation="gelu")(h)
    return EnergyModel(inputs, layers.Dense(1)(h))


def main():
    (x_train, y_train), (x_val, y_val) = load()
    mean, std = y_train.mean(), y_train.std()
    y_train, y_val = (y_train - mean) / std, (y_val - mean) / std

    model = build(x_train)
    model.compile(optimizer=keras.optimizers.AdamW(1e-3), loss="mse", metrics=["mae"])
    model.fit(
        x_train,
        y_train,
        batch_size=64,
        epochs=30,
        validation_data=(x_val, y_val),
        callbacks=[Housekeeping()],
        verbose=2,
    )
    _, mae = model.evaluate(x_val, y_val, verbose=0)
    print(f"held-out MAE {mae * std:.3f} eV/atom")


if __name__ == "__main__":
    main()
