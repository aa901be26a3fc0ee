"""Which of five machines is running? Log spectra in, machine out."""
import keras
import numpy as np

MACHINES, BANDS = 5, 64


class NoisyDense(keras.layers.Layer):
    """Dense, batch norm, activation and noise on the units."""

    def __init__(self, units, rate, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.dense = keras.layers.Dense(units, use_bias=False)
        self.norm = keras.layers.BatchNormalization()
        self.seeds = keras.random.SeedGenerator(units)

    def call(self, inputs, training=False):
        hidden = keras.ops.relu(self.norm(self.dense(inputs), training=training))
        return keras.random.dropout(hidden, self.rate, seed=self.seeds)  # expect: always-on-dropout


class MachineNet(keras.Model):
    def __init__(self, widths=(96, 48), rate=0.2, **kwargs):
        super().__init__(**kwargs)
        self.blocks = [NoisyDense(width, rate) for width in widths]
        self.out = keras.layers.Dense(MACHINES)

    def call(self, inputs, training=False):
        hidden = inputs
        for block in self.blocks:
            hidden = block(hidden, training=training)
        return self.out(hidden)


def log_spectra(n, rng):
    machine = rng.integers(0, MACHINES, size=n)
    bands = np.arange(BANDS)
    hum = 6 + 11 * machine[:, None] + rng.normal(0, 1.5, size=(n, 1))
    peaks = 2.0 * np.exp(-0.5 * ((bands - hum) / 2.0) ** 2)
    spectra = peaks + rng.normal(0, 0.7, size=(n, BANDS))
    return spectra.astype("float32"), machine.astype("int32")


def main():
    keras.utils.set_random_seed(20)
    rng = np.random.default_rng(20)
    x_train, y_train = log_spectra(4000, rng)
    x_valid, y_valid = log_spectra(500, rng)
    x_test, y_test = log_spectra(500, rng)
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)

    model = MachineNet()
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(
        (x_train - mean) / std, y_train,
        validation_data=((x_valid - mean) / std, y_valid),
        epochs=20,
        batch_size=50,
        verbose=2,
    )
    loss, accuracy = model.evaluate((x_test - mean) / std, y_test, verbose=0)
    print(f"test loss {loss:.4f} accuracy {accuracy:.3f}")


if __name__ == "__main__":
    main()
