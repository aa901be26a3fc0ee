"""Faults of photovoltaic strings from their current-voltage curves."""
import keras
import numpy as np
from keras import layers

FAULTS = ["none", "shading", "soiling", "open diode", "degradation"]
POINTS = 64


@keras.saving.register_keras_serializable()
class CurveMixer(layers.Layer):
    def __init__(self, width, rate=0.1, noise=0.02, **kwargs):
        super().__init__(**kwargs)
        self.width, self.rate, self.noise = width, rate, noise
        self.up = layers.Dense(2 * width, activation="gelu")
        self.down = layers.Dense(width)
        self.norm = layers.LayerNormalization()
        self.seeds = keras.random.SeedGenerator(31)

    def call(self, curve, training=None):
        hidden = self.up(curve)
        if training:
            hidden = hidden + self.noise * keras.random.normal(
                keras.ops.shape(hidden), seed=self.seeds
            )
        hidden = self.down(hidden)
        if training and self.rate > 0:
            hidden = keras.random.dropout(hidden, self.rate, seed=self.seeds)
        return self.norm(curve + hidden)

    def get_config(self):
        own = {"width": self.width, "rate": self.rate, "noise": self.noise}
        return {**super().get_config(), **own}


def strings_of_panels(n, seed):
    rng = np.random.default_rng(seed)
    fault = rng.integers(len(FAULTS), size=n)
    volt = np.linspace(-1, 1, POINTS)
    knee = 0.8 - 0.25 * fault[:, None]
    amp = np.tanh(4 * (knee - volt[None, :])) + 0.1 * rng.normal(size=(n, POINTS))
    both = np.stack([np.broadcast_to(volt, amp.shape), amp], axis=-1)
    return both.astype("float32"), fault


def build(width=40, depth=3):
    curve = keras.Input((POINTS, 2))
    x = layers.Conv1D(width, 5, padding="same", activation="gelu")(curve)
    for _ in range(depth):
        x = CurveMixer(width, rate=0.15)(x)
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(curve, layers.Dense(len(FAULTS))(x))


if __name__ == "__main__":
    keras.utils.set_random_seed(9)
    model = build()
    model.compile(
        optimizer=keras.optimizers.AdamW(1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    x_train, y_train = strings_of_panels(2500, 0)
    model.fit(
        x_train,
        y_train,
        batch_size=50,
        epochs=20,
        validation_data=strings_of_panels(500, 1),
    )
