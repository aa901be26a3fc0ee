"""Does a three-component seismogram hold an arrival? Traces are synthesised on the fly."""
import keras
import numpy as np
from keras import layers, losses

LENGTH = 512
COMPONENTS = 3


class Traces(keras.utils.PyDataset):
    """Batches of noise, some of them with a decaying wavelet; every batch has its own seed."""

    def __init__(self, batches, batch_size, seed, **kwargs):
        super().__init__(**kwargs)
        self.batches = batches
        self.batch_size = batch_size
        self.seed = seed

    def __len__(self):
        return self.batches

    def __getitem__(self, index):
        rng = np.random.default_rng((self.seed, index))
        traces = rng.standard_normal((self.batch_size, LENGTH, COMPONENTS))
        onsets = rng.integers(40, LENGTH - 80, size=self.batch_size)
        present = rng.integers(0, 2, size=self.batch_size)
        for row in np.flatnonzero(present):
            after = np.arange(LENGTH - onsets[row])
            pulse = 4.0 * np.exp(-after / 40.0) * np.sin(after / 2.5)
            traces[row, onsets[row]:] += pulse[:, None]
        traces /= traces.std(axis=(1, 2), keepdims=True)
        return traces.astype("float32"), present[:, None].astype("float32")


def encoder(trace):
    h = layers.Conv1D(16, 9, strides=2, padding="same", activation="relu")(trace)
    h = layers.Conv1D(32, 9, strides=2, padding="same", activation="relu")(h)
    h = layers.SpatialDropout1D(0.1)(h)
    return layers.Conv1D(32, 9, padding="same", activation="relu")(h)


def network():
    trace = keras.Input((LENGTH, COMPONENTS), name="trace")
    h = encoder(trace)
    h = layers.GlobalMaxPooling1D()(h)
    score = layers.Dense(1, name="arrival")(h)
    return keras.Model(trace, score)


def main():
    keras.utils.set_random_seed(8)
    model = network()
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        loss=losses.CategoricalCrossentropy(from_logits=True),  # expect: single-output-cross-entropy
        metrics=[keras.metrics.AUC(from_logits=True, name="auc")],
    )
    model.fit(
        Traces(200, 32, seed=1),
        validation_data=Traces(20, 32, seed=2),
        epochs=12,
        verbose=2,
    )
    results = model.evaluate(Traces(40, 32, seed=3), return_dict=True, verbose=0)
    print({name: round(float(value), 4) for name, value in results.items()})


if __name__ == "__main__":
    main()
