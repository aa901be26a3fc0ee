"""Annotates cell types from single-cell RNA counts (simulated, zero-inflated)."""
import os

import numpy as np
from tensorflow import keras
from tensorflow.keras import callbacks, layers

N_TYPES = 9
MAX_DROPOUT = 0.95


def simulate(n_cells=4500, n_genes=2000, seed=11):
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, N_TYPES, n_cells)
    profile = rng.gamma(0.6, 2.0, n_genes) * np.exp(0.15 * rng.normal(size=(N_TYPES, n_genes)))
    counts = rng.poisson(profile[kinds])
    technical = rng.random((n_cells, n_genes)) < 0.4
    counts[technical] = 0
    return counts.astype("float32"), kinds.astype("int32")


def log_cpm(counts):
    depth = counts.sum(axis=1, keepdims=True)
    return np.log1p(1e4 * counts / np.maximum(depth, 1.0))


class CellTyper(keras.Model):
    def __init__(self, n_types, widths=(512, 256)):
        super().__init__()
        self.hidden = [layers.Dense(w, activation="relu", kernel_initializer="he_normal") for w in widths]
        self.types = layers.Dense(n_types)

    def call(self, inputs, training=None):
        x = inputs
        for dense in self.hidden:
            x = dense(x)
        return self.types(x)


def run_callbacks(folder):
    os.makedirs(folder, exist_ok=True)
    return [
        callbacks.CSVLogger(os.path.join(folder, "history.csv")),
        callbacks.ModelCheckpoint(os.path.join(folder, "typer.weights.h5"), save_weights_only=True),
        callbacks.TerminateOnNaN(),
    ]


def main():
    keras.utils.set_random_seed(11)
    counts, kinds = simulate()
    dropout_fraction = (counts[:3000] == 0).mean(axis=0)
    counts = counts[:, dropout_fraction <= MAX_DROPOUT]
    expression = log_cpm(counts)

    x_train, x_val, x_test = expression[:3000], expression[3000:3750], expression[3750:]
    y_train, y_val, y_test = kinds[:3000], kinds[3000:3750], kinds[3750:]
    centre, spread = x_train.mean(axis=0), x_train.std(axis=0) + 1e-6
    x_train, x_val, x_test = ((part - centre) / spread for part in (x_train, x_val, x_test))

    model = CellTyper(N_TYPES)
    model.compile(
        optimizer=keras.optimizers.Adam(5e-4),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    watch = run_callbacks("runs/typer")
    model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=60, batch_size=128, callbacks=watch, verbose=2)  # expect: missing-dropout
    loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
    print(f"mean dropout {dropout_fraction.mean():.2f}  test loss {loss:.3f}  accuracy {accuracy:.3f}")


if __name__ == "__main__":
    main()
