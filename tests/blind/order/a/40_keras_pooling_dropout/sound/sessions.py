"""Will this shopping session end in a purchase?  Attention pooling over clicks."""
import keras
import numpy as np
from keras import layers, ops

PAGES, CLICKS = 120, 30


@keras.saving.register_keras_serializable(package="shop")
class AttentionPooling(layers.Layer):
    """Attention-weighted mean over the clicks."""

    def __init__(self, rate=0.1, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.seeds = keras.random.SeedGenerator(17)
        self.score = layers.Dense(1)

    def build(self, input_shape):
        self.score.build(input_shape)
        self.built = True

    def call(self, x, training=False):
        weights = ops.softmax(self.score(x), axis=1)
        rate = self.rate if training else 0.0
        weights = keras.random.dropout(weights, rate, seed=self.seeds)
        return ops.sum(weights * x, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[2])

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}


def sessions(n, rng):
    pages = rng.integers(PAGES, size=(n, CLICKS))
    interest = (pages < 12).sum(axis=1) - 0.6 * (pages > 100).sum(axis=1)
    bought = rng.random(n) < 1 / (1 + np.exp(1.5 - interest))
    return pages.astype("int32"), bought.astype("float32")[:, None]


def build(width=32):
    clicks = keras.Input((CLICKS,), dtype="int32")
    x = layers.Embedding(PAGES, width)(clicks)
    x = layers.Conv1D(width, 3, padding="same", activation="relu")(x)
    x = AttentionPooling(rate=0.2)(x)
    x = layers.Dense(width, activation="relu")(x)
    return keras.Model(clicks, layers.Dense(1, activation="sigmoid")(x))


def main():
    keras.utils.set_random_seed(6)
    rng = np.random.default_rng(6)
    x_train, y_train = sessions(8000, rng)
    x_val, y_val = sessions(2000, rng)

    model = build()
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss="binary_crossentropy",
        metrics=["accuracy", keras.metrics.AUC(name="auc")],
    )
    best = keras.callbacks.ModelCheckpoint("sessions.keras", monitor="val_auc", mode="max", save_best_only=True)
    model.fit(x_train, y_train, batch_size=100, epochs=15, validation_data=(x_val, y_val), callbacks=[best])


if __name__ == "__main__":
    main()
